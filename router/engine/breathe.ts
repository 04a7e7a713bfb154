/** Lets everything else that waits for the event loop have its turn: between parts of long work while requests are being served. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
