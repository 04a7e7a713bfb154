import { refusal } from '@aisle/platform/errors';

const taken = refusal('EmailTaken', 'EMAIL_TAKEN');
export const emailTaken = () => taken('There is an account with this e-mail address.', 'email');

const wrong = refusal('InvalidCredentials', 'INVALID_CREDENTIALS');
/** One answer for "no such account" and "wrong password": nobody learns who has an account. */
export const invalidCredentials = () => wrong('E-mail and password do not belong together.');

const wait = refusal('TooManyAttempts', 'TOO_MANY_ATTEMPTS');
export const tooManyAttempts = (retryAfterSeconds: number) => ({
  ...wait(`Too many tries. Wait ${retryAfterSeconds} seconds.`),
  retryAfterSeconds,
});

const invalid = refusal('RefreshTokenInvalid', 'REFRESH_TOKEN_INVALID');
export const refreshTokenInvalid = () =>
  invalid('This refresh token is not valid any more. Sign in again.', 'refreshToken');

const reused = refusal('RefreshTokenReused', 'REFRESH_TOKEN_REUSED');
export const refreshTokenReused = () =>
  reused('This refresh token was used before, so its session has been ended. Sign in again.', 'refreshToken');
