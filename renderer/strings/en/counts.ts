// Counted things in English. Renderer.
import { formatCount as n } from '../format.ts';

export const photos = (count: number): string => (count === 1 ? '1 photo' : `${n(count)} photos`);
