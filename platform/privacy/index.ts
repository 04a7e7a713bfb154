export { findCardNumber, holdsCardNumber } from './card-number.ts';
