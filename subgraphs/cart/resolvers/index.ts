import type { Resolvers } from '../generated/schema.ts';
import { Cart } from './Cart.ts';
import { CartChange } from './CartChange.ts';
import { CartLine } from './CartLine.ts';
import { addToCart } from './Mutation/addToCart.ts';
import { clearCart } from './Mutation/clearCart.ts';
import { completeCart } from './Mutation/completeCart.ts';
import { freezeCart } from './Mutation/freezeCart.ts';
import { mergeCart } from './Mutation/mergeCart.ts';
import { releaseCart } from './Mutation/releaseCart.ts';
import { removeFromCart } from './Mutation/removeFromCart.ts';
import { setCartQuantity } from './Mutation/setCartQuantity.ts';
import { cart } from './Query/cart.ts';
import { cartCursor } from './Query/cartCursor.ts';
import { cartChanged } from './Subscription/cartChanged.ts';

export const resolvers: Resolvers = {
  Query: { cart, cartCursor },
  Mutation: {
    addToCart,
    setCartQuantity,
    removeFromCart,
    clearCart,
    mergeCart,
    freezeCart,
    releaseCart,
    completeCart,
  },
  Subscription: { cartChanged },
  Cart,
  CartLine,
  CartChange,
};
