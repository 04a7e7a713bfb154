/** The objects of Stripe's API, as far as the emulator keeps them. Field names are the protocol's. */
export interface PspObject {
  id: string;
  object: string;
  created: number;
  livemode: false;
  metadata: Record<string, string>;
}

export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'requires_capture'
  | 'succeeded'
  | 'canceled';

export interface PaymentIntent extends PspObject {
  object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  canceled_at: number | null;
  cancellation_reason: string | null;
  capture_method: 'automatic' | 'manual';
  client_secret: string;
  confirmation_method: 'automatic';
  currency: string;
  customer: string | null;
  description: string | null;
  last_payment_error: Record<string, unknown> | null;
  latest_charge: string | null;
  next_action: {
    type: 'redirect_to_url';
    redirect_to_url: { url: string; return_url: string | null };
  } | null;
  payment_method: string | null;
  payment_method_types: string[];
  return_url?: string | null;
  status: IntentStatus;
}

export interface Charge extends PspObject {
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  captured: boolean;
  currency: string;
  customer: string | null;
  failure_code: string | null;
  failure_message: string | null;
  paid: boolean;
  payment_intent: string;
  payment_method: string | null;
  refunded: boolean;
  status: 'succeeded' | 'pending' | 'failed';
}

export interface Refund extends PspObject {
  object: 'refund';
  amount: number;
  charge: string | null;
  currency: string;
  payment_intent: string;
  reason: string | null;
  status: 'succeeded' | 'pending' | 'failed' | 'canceled';
}

export interface PaymentMethod extends PspObject {
  object: 'payment_method';
  type: 'card';
  customer: string | null;
  card: {
    brand: string;
    last4: string;
    exp_month: number;
    exp_year: number;
    funding: string;
    country: string;
  };
  /** The test token that it was made from: how it behaves. Not shown. */
  behaves: string;
}

export interface Customer extends PspObject {
  object: 'customer';
  email: string | null;
  name: string | null;
}

export interface SetupIntent extends PspObject {
  object: 'setup_intent';
  client_secret: string;
  customer: string | null;
  payment_method: string | null;
  status: 'requires_payment_method' | 'requires_confirmation' | 'succeeded' | 'canceled';
  usage: string;
}

export type Stored = PaymentIntent | Charge | Refund | PaymentMethod | Customer | SetupIntent;

/** What happens to the connection once the operation is done. */
export type Delivery = 'send' | 'cut' | 'hang';

export interface Reply {
  status: number;
  body: unknown;
  delivery?: Delivery;
}

export type Params = { readonly [key: string]: Param };
export type Param = string | Params;
