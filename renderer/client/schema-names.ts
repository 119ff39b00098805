// Stands in for zod in the renderer's bundle (see vite.config.ts): every schema is one value that answers everything with itself. Renderer.

/** The contract's modules build their schemas from this; nothing in the renderer ever reads one. */
export const z: unknown = new Proxy(() => {}, { get: () => z, apply: () => z });
