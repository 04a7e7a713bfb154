export { AuthError } from './auth-error.ts';
export {
  type Authenticator,
  type AuthOptions,
  type Credentials,
  createAuthenticator,
} from './authenticator.ts';
export type { JwksSource } from './key-source.ts';
