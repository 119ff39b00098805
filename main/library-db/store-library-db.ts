// A library in this very thread: methods over the open store, with errors converted and readers kept from writing. Library thread, and tests.
import path from 'node:path';
import { AppError } from '../platform/app-error.ts';
import type { Examine } from '../store/backups.ts';
import { examineCopy } from '../store/examine-copy.ts';
import { openToRead, openToWrite, suspectDamage } from '../store/open-library-files.ts';
import { toStoreError } from '../store/store-error.ts';
import { captionMethods } from './caption-methods.ts';
import { type CareMethod, careMethods } from './care-methods.ts';
import { failureMethods } from './failure-methods.ts';
import { fileMethods } from './file-methods.ts';
import { folderMethods } from './folder-methods.ts';
import { galleryMethods } from './gallery-methods.ts';
import type { LibraryDb } from './library-db.ts';
import { type LibraryMethod, libraryMethods, writes } from './methods.ts';
import { type OpenStore, openStore } from './open-store.ts';
import { photoMethods } from './photo-methods.ts';
import { placeMethods } from './place-methods.ts';
import { readMethods } from './read-methods.ts';
import { scanMethods } from './scan-methods.ts';
import { searchMethods } from './search-methods.ts';
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

interface OpenMeans {
  /** Spreads retries, in [0, 1). */
  readonly random?: () => number;
  /** Proves copies; in this thread where left out. */
  readonly examine?: Examine;
}

/** Throws `store/*`, `fs/not-a-folder`, or (`read` only) `library/not-found`. */
export async function openLibrary(input: OpenLibraryInput & OpenMeans): Promise<OpenLibrary> {
  const { folder, random = Math.random } = input;
  let files = await (input.mode === 'write' ? openToWrite(folder, input.now) : openToRead(folder));
  const file = path.join(folder, 'library.db');
  let store = openStore(files, random);
  let methods = methodsOf(store);
  let isOpen = true;
  const care = careMethods({
    folder,
    store: () => store,
    examine: input.examine ?? (async (copy, words) => examineCopy(copy, words)),
    async swap(request) {
      if (files.mode !== 'owner') throw notOwner(input);
      const swapped = await files.swap(request);
      files = swapped.files;
      store = openStore(files, random);
      methods = methodsOf(store);
      if (swapped.error !== undefined) throw swapped.error;
    },
  });
  async function close(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    try {
      files.close(Date.now());
    } catch (error) {
      throw toStoreError(error, file);
    }
  }
  const methodOf = (name: LibraryMethod) => (name in care ? care : methods)[name as never] as Method;
  return { db: { ...guarded(methodOf, files.mode, input, file), close }, mode: files.mode, close };
}

type Method = (argument: unknown) => Promise<unknown>;
type Methods = Omit<Pick<LibraryDb, LibraryMethod>, CareMethod>;

function methodsOf(store: OpenStore): Methods {
  return {
    ...folderMethods(store),
    ...scanMethods(store),
    ...fileMethods(store),
    ...photoMethods(store),
    ...captionMethods(store),
    ...readMethods(store),
    ...searchMethods(store),
    ...placeMethods(store),
    ...galleryMethods(store),
    ...failureMethods(store),
    ...settingsMethods(store),
  };
}

/** Each method looked up when it is called: after a restoration they are others. */
function guarded(
  methodOf: (name: LibraryMethod) => Method,
  mode: 'owner' | 'reader',
  input: OpenLibraryInput,
  file: string,
): Pick<LibraryDb, LibraryMethod> {
  const entries = libraryMethods.map((name) => {
    if (mode === 'reader' && writes(name)) return [name, async () => Promise.reject(notOwner(input))];
    const converted = async (argument: unknown): Promise<unknown> => {
      try {
        return await methodOf(name)(argument);
      } catch (error) {
        const converted = toStoreError(error, file);
        // What was met by chance may be a small part of it: the next opening looks at everything, and mends it.
        if (mode === 'owner' && converted.code === 'store/corrupt') suspectDamage(input.folder);
        throw converted;
      }
    };
    return [name, converted];
  });
  return Object.fromEntries(entries) as Pick<LibraryDb, LibraryMethod>;
}

function notOwner(input: OpenLibraryInput): AppError {
  return new AppError(
    'store/owned',
    input.mode === 'read'
      ? `The library ${input.folder} was opened for reading only.`
      : `The library ${input.folder} is in use by another Photoseek: close that one, or choose another library with --library.`,
  );
}
