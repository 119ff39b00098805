// Runs a slow preparation once, when it is first needed. Inference process.

/** The same promise for every caller; a rejection is forgotten, so that the next caller tries again. */
export function lazily<T>(prepare: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    if (running) return running;
    const started = prepare().catch((error: unknown) => {
      if (running === started) running = undefined;
      throw error;
    });
    running = started;
    return started;
  };
}
