/** Payments reacts to commands and to the provider's webhooks; it consumes no events of other contexts. */
export const consumed = {};
