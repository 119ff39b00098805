// What a photo may cost to decode. Inference process; the numbers are read by the indexer too.

/** A larger file is refused unread: no camera writes one, and it would have to be held in memory whole. */
export const maxImageBytes = 512 * 1024 * 1024;

/** sharp's own cap, 0x3FFF squared; phones with 200 MP sensors stay below it. */
export const maxImagePixels = 268_402_689;

/** What JPEG can hold. A longer side is a header that lies: shrinking it takes gigabytes though its area may be small. */
export const maxImageSide = 65_535;

/** A single photo that takes longer is given up. */
export const decodeTimeoutSeconds = 20;
