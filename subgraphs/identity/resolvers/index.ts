import type { Resolvers } from '../generated/schema.ts';
import { Address } from './Address.ts';
import { addAddress } from './Mutation/addAddress.ts';
import { grantRole } from './Mutation/grantRole.ts';
import { login } from './Mutation/login.ts';
import { logout } from './Mutation/logout.ts';
import { refresh } from './Mutation/refresh.ts';
import { register } from './Mutation/register.ts';
import { removeAddress } from './Mutation/removeAddress.ts';
import { revokeRole } from './Mutation/revokeRole.ts';
import { setDefaultAddress } from './Mutation/setDefaultAddress.ts';
import { startGuestSession } from './Mutation/startGuestSession.ts';
import { updateAddress } from './Mutation/updateAddress.ts';
import { addressSnapshot } from './Query/addressSnapshot.ts';
import { me } from './Query/me.ts';
import { revokedSessions } from './Query/revokedSessions.ts';
import { sessions } from './Query/sessions.ts';
import { user } from './Query/user.ts';
import { Session } from './Session.ts';
import { User } from './User.ts';

export const resolvers: Resolvers = {
  Query: { me, user, sessions, addressSnapshot, revokedSessions },
  Mutation: {
    register,
    login,
    refresh,
    logout,
    startGuestSession,
    addAddress,
    updateAddress,
    removeAddress,
    setDefaultAddress,
    grantRole,
    revokeRole,
  },
  User,
  Address,
  Session,
};
