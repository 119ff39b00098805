// The ids by which a window names things. Used by every process.
import { z } from 'zod';

export const PhotoId = z.number().int().positive();
/** Photos of one request: what is on the screen, or what a person selected. */
export const PhotoIds = z.array(PhotoId).min(1).max(10_000);
export const FolderId = z.number().int().positive();
