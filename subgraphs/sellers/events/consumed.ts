/** Sellers follows no other context. */
export const consumed = {};
