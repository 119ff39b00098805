// The language the interface speaks. Renderer.
import { en, type Strings } from './en.ts';

export const strings: Strings = en;
