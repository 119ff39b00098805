// What a photo may cost to decode. Inference process; the numbers are read by the indexer too.

/** A larger file is refused unread: no camera writes one, and it would have to be held in memory whole. */
export const maxImageBytes = 512 * 1024 * 1024;

/** sharp's own cap, 0x3FFF squared; phones with 200 MP sensors stay below it. */
export const maxImagePixels = 268_402_689;

/** What JPEG can hold. A longer side is a header that lies: shrinking it takes gigabytes though its area may be small. */
export const maxImageSide = 65_535;

/**
 * What a decoder may hold of one picture at once. Progressive, interlaced and AVIF pictures are decoded whole whatever size is wanted of them: a progressive
 * JPEG of 3 KB that claims 256 million pixels took 1.6 GB.
 */
export const maxHeldBytes = 800_000_000;

/**
 * A JPEG spends at least a bit on each block of 8 x 8 pixels: one that has far fewer bytes ends long before its picture does. This share of what it would need
 * lets through what was cut off late enough to be worth showing.
 */
export const leastShareOfBlocks = 1 / 32;

/** Past these the process that decodes is ended: a decoder that hangs listens to no time limit. */
export const watchdogLimits = { mostMs: 25_000, mostGrowthBytes: 1_000_000_000 };

/** A single photo that takes longer is given up. */
export const decodeTimeoutSeconds = 20;
