// A library in this very thread: methods over the open store, with errors converted and readers kept from writing. Library thread, and tests.
import path from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { openToRead, openToWrite } from '../store/open-library-files.ts';
import { toStoreError } from '../store/store-error.ts';
import { captionMethods } from './caption-methods.ts';
import { failureMethods } from './failure-methods.ts';
import { fileMethods } from './file-methods.ts';
import { folderMethods } from './folder-methods.ts';
import { galleryMethods } from './gallery-methods.ts';
import type { LibraryDb } from './library-db.ts';
import { type LibraryMethod, libraryMethods, writes } from './methods.ts';
import { type OpenStore, openStore } from './open-store.ts';
import { photoMethods } from './photo-methods.ts';
import { readMethods } from './read-methods.ts';
import { scanMethods } from './scan-methods.ts';
import { settingsMethods } from './settings-methods.ts';

export interface OpenLibraryInput {
  /** The library's folder; `write` creates it where missing. */
  readonly folder: string;
  /** `write` owns the library, or reads it where another process owns it. `read` never creates or changes anything. */
  readonly mode: 'write' | 'read';
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface OpenLibrary {
  readonly db: LibraryDb;
  /** In a reader, methods that write reject with `store/owned`. */
  readonly mode: 'owner' | 'reader';
  /** Idempotent; the same as `db.close`. */
  close(): Promise<void>;
}

/** Throws `store/*`, `fs/not-a-folder`, or (`read` only) `library/not-found`. `random` spreads retries, in [0, 1). */
export async function openLibrary(input: OpenLibraryInput & { random?: () => number }): Promise<OpenLibrary> {
  const files = await (input.mode === 'write' ? openToWrite(input.folder, input.now) : openToRead(input.folder));
  const file = path.join(input.folder, 'library.db');
  const store = openStore(files, input.random ?? Math.random);
  let isOpen = true;
  async function close(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    try {
      files.close(Date.now());
    } catch (error) {
      throw toStoreError(error, file);
    }
  }
  return { db: { ...guarded(store, input, file), close }, mode: files.mode, close };
}

type Methods = Pick<LibraryDb, LibraryMethod>;

function guarded(store: OpenStore, input: OpenLibraryInput, file: string): Methods {
  const methods: Methods = {
    ...folderMethods(store),
    ...scanMethods(store),
    ...fileMethods(store),
    ...photoMethods(store),
    ...captionMethods(store),
    ...readMethods(store),
    ...galleryMethods(store),
    ...failureMethods(store),
    ...settingsMethods(store),
  };
  const entries = libraryMethods.map((name) => {
    if (store.mode === 'reader' && writes(name)) return [name, async () => Promise.reject(notOwner(input))];
    const method = methods[name] as (argument: unknown) => Promise<unknown>;
    const converted = async (argument: unknown): Promise<unknown> => {
      try {
        return await method(argument);
      } catch (error) {
        throw toStoreError(error, file);
      }
    };
    return [name, converted];
  });
  return Object.fromEntries(entries) as Methods;
}

function notOwner(input: OpenLibraryInput): AppError {
  return new AppError(
    'store/owned',
    input.mode === 'read'
      ? `The library ${input.folder} was opened for reading only.`
      : `The library ${input.folder} is in use by another Photoseek: close that one, or choose another library with --library.`,
  );
}
