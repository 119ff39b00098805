// What the build puts into the renderer from outside.

/** Names the state of the contract this renderer was built for; the host's `hello` frame must carry the same. */
declare const __CONTRACT_HASH__: string;
