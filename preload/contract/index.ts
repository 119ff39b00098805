// The whole contract between an interface (window, browser, command line) and the application; the one barrel file of the product.
import { care } from './care.ts';
import type { Client, Handlers } from './define.ts';
import { evaluation } from './evaluation.ts';
import { indexing } from './indexing.ts';
import { library } from './library.ts';
import { models } from './models.ts';
import { search } from './search.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';

export const contract = { library, indexing, search, evaluation, models, settings, shell, care } as const;

export type PhotosApi = Client<typeof contract>;
export type PhotosHandlers = Handlers<typeof contract>;
