// A folder of small files that are moved about, a plain model of it, and a library that looks at it. Test processes.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import type { FolderRow } from '../../main/library-db/library-rows.ts';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { scanFolder } from '../../main/services/indexing/scan-folder.ts';
import { createFolderWalker, type FolderWalker } from '../../main/watching/folder-walker.ts';
import { memoryRoot } from './library-db.ts';
import { factsOf } from './photo-facts.ts';
import { resultOf, wanted } from './photo-results.ts';

const folders = ['', 'a', 'b', 'a/c', 'caf\u00e9', 'Caf\u00e9 2'];
const names = ['one.jpg', 'Two.JPG', 'd\u00e9j\u00e0 vu.jpg', 'x\u00c5.png'];

/** What the library says of each path, or what it should. */
export type Told = Readonly<Record<string, string | number | null>>;

export type MovedFolder = ReturnType<typeof folderModel>;

/** A library in memory that serves many folders, one after the other. */
export async function movedFolder() {
  const home = mkdtempSync(join(memoryRoot, 'photoseek-moves-'));
  const { db, close } = await openLibrary({
    folder: join(home, 'library'),
    mode: 'write',
    now: 1_000,
    random: () => 0,
  });
  let nth = 0;
  return {
    /** @param contents kinds of bytes that the files begin with. */
    async begin(files: number, contents: number): Promise<MovedFolder> {
      const root = join(home, `photos ${nth++}`);
      mkdirSync(root);
      const { folder } = await db.registerFolder({ path: root, now: 1_000 });
      const photos = folderModel(db, folder, `${root.slice(-4).trim()}`);
      for (let at = 0; at < files; at++) photos.write(photos.freePath(at), photos.newContent(at % contents));
      return photos;
    },
    async close(): Promise<void> {
      await close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function folderModel(db: LibraryDb, folder: FolderRow, mark: string) {
  const root = folder.path;
  /** Content by path. */
  const model = new Map<string, string>();
  const everSeen = new Set<string>();
  const ever: string[] = [];
  const said = new Map<string, string>();
  const clock = createClock(root);
  const walker = clock.overlay(createFolderWalker());
  const touched = new Set<string>();
  const worked = new Map<string, number>();
  let read = 0;

  const at = (path: string): string => join(root, path);
  const touch = (path: string): void => {
    const parent = posix.dirname(path);
    touched.add(parent === '.' ? '' : parent);
  };
  function ensureFolder(path: string): void {
    for (let parent = posix.dirname(path); parent !== '.'; parent = posix.dirname(parent)) touch(parent);
    mkdirSync(dirname(at(path)), { recursive: true });
  }
  function freeIn(parent: string, pick: number): string {
    for (let more = 0; ; more++) {
      const name = names[pick % names.length] ?? '';
      const path = posix.join(parent, more === 0 ? name : `${pick}-${more} ${name}`);
      if (!model.has(path)) return path;
    }
  }
  function move(from: string, to: string): void {
    const content = model.get(from);
    if (from === to || content === undefined || model.has(to)) return;
    ensureFolder(to);
    renameSync(at(from), at(to));
    clock.change(to);
    model.delete(from);
    model.set(to, content);
    touch(from);
    touch(to);
  }

  return {
    /** Seconds go by. */
    pass: clock.pass,
    paths: (): string[] => [...model.keys()],
    contentOf: (path: string): string => model.get(path) ?? '',
    /** All contents have one size. */
    newContent(pick: number): string {
      const content = `${mark}:${pick}`.padEnd(16);
      if (!ever.includes(content)) ever.push(content);
      return content;
    },
    /** Any content that was ever there. */
    anyContent: (pick: number): string => ever[pick % ever.length] ?? '',
    freePath: (pick: number): string => freeIn(folders[pick % folders.length] ?? '', pick),
    /** Another name in the same folder. */
    besides(path: string, pick: number): string {
      const parent = posix.dirname(path);
      return freeIn(parent === '.' ? '' : parent, pick);
    },
    otherCase: (path: string): string => {
      const name = posix.basename(path);
      return posix.join(posix.dirname(path), name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase());
    },
    otherForm: (path: string): string =>
      posix.join(posix.dirname(path), posix.basename(path).normalize(path === path.normalize('NFD') ? 'NFC' : 'NFD')),
    move,
    /** Moves the folder that a file lies in, whole. */
    moveFolder(of: string, pick: number): void {
      const from = posix.dirname(of);
      if (from === '.') return;
      const to = posix.join(folders[pick % folders.length] ?? '', `moved ${pick} ${clock.now()}`);
      if (to.startsWith(`${from}/`)) return;
      ensureFolder(to);
      renameSync(at(from), at(to));
      for (const [path, content] of [...model]) {
        if (!path.startsWith(`${from}/`)) continue;
        model.delete(path);
        model.set(`${to}${path.slice(from.length)}`, content);
      }
      touch(from);
      touch(to);
    },
    swap(one: string, other: string): void {
      if (one === other) return;
      const aside = `${one} aside.jpg`;
      move(one, aside);
      move(other, one);
      move(aside, other);
    },
    write(path: string, content: string): void {
      ensureFolder(path);
      writeFileSync(at(path), content);
      clock.write(path);
      model.set(path, content);
      touch(path);
    },
    /** Other bytes, with the size and the time of the old ones. */
    writeUnseen(path: string, content: string): void {
      const { mtime } = statSync(at(path));
      writeFileSync(at(path), content);
      utimesSync(at(path), mtime, mtime);
      clock.change(path);
      model.set(path, content);
      touch(path);
    },
    remove(path: string): void {
      rmSync(at(path));
      model.delete(path);
      touch(path);
    },
    /** The person says it of a content that the library knows. */
    async speak(path: string, text: string): Promise<void> {
      const photo = await db.photoByPath({ path: at(path) });
      // A file that no look has found yet cannot be spoken of in any window.
      const content = ever.find((one) => factsOf(one).sha256 === photo?.sha256);
      if (!photo || content === undefined) return;
      await db.setOwnCaptions({ photoId: photo.photoId, texts: [text], now: clock.now() });
      said.set(content, text);
    },
    /** Looks for what changed, reads it, and works on what is to be worked on. */
    async look(how: 'whole' | 'hinted'): Promise<void> {
      const [row = folder] = (await db.listFolders()).filter(({ id }) => id === folder.id);
      const within = how === 'hinted' ? { within: [...touched] } : {};
      const options = { signal: new AbortController().signal, onFiles: () => undefined, ...within };
      await scanFolder({ db, walker, now: clock.now }, row, options);
      touched.clear();
      const claimed = await db.claimFiles({ limit: 1_000, now: clock.now() });
      read += claimed.length;
      const files = claimed.map(({ fileId, path, sizeBytes, mtimeMs }) => ({
        fileId,
        sizeBytes,
        mtimeMs,
        facts: factsOf(readFileSync(path, 'utf8')),
      }));
      await db.identifyFiles({ files, now: clock.now() });
      for (const content of model.values()) everSeen.add(content);
      const photos = await db.claimPhotos({
        wanted: wanted.slice(0, 2),
        together: true,
        limit: 1_000,
        now: clock.now(),
      });
      for (const { sha256 } of photos) worked.set(sha256, (worked.get(sha256) ?? 0) + 1);
      await db.completePhotos({
        results: photos.map(({ photoId, sha256 }) => resultOf(photoId, `shows ${sha256}`)),
        now: clock.now(),
      });
    },
    /** The caption by path, as the library has it, and the numbers of files that it counts. */
    async stored(): Promise<Told> {
      const { files, indexed } = await db.folderOutcome({ folderIds: [folder.id], wanted: wanted.slice(0, 2) });
      const told: Record<string, string | number | null> = { files, indexed };
      for (const path of model.keys()) {
        const photo = await db.photoByPath({ path: at(path) });
        told[path] = photo ? `${photo.sha256} ${photo.caption?.text}` : null;
      }
      return told;
    },
    expected(): Told {
      const told: Record<string, string | number | null> = { files: model.size, indexed: model.size };
      for (const [path, content] of model) {
        const { sha256 } = factsOf(content);
        told[path] = `${sha256} ${said.get(content) ?? `shows ${sha256}`}`;
      }
      return told;
    },
    /** `read` counts readings of bytes, which are cheap. */
    cost: () => ({
      inferences: [...worked.values()].reduce((sum, times) => sum + times, 0),
      seen: everSeen.size,
      read,
    }),
    end(): void {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A time that passes only when told. What a change of a file does to its times is done by it: whole seconds, as coarse as on old disks. */
function createClock(root: string) {
  let now = 1_700_000_000_000;
  const changed = new Map<string, number>();
  const inodeOf = (path: string): string => {
    const { dev, ino } = statSync(join(root, path), { bigint: true });
    return `${dev}:${ino}`;
  };
  const second = (): number => Math.floor(now / 1_000) * 1_000;
  const change = (path: string): void => {
    changed.set(inodeOf(path), second());
  };
  return {
    now: (): number => now,
    pass(seconds: number): void {
      now += seconds * 1_000 + 1;
    },
    /** Renamed: only the system's own time changes. */
    change,
    write(path: string): void {
      utimesSync(join(root, path), second() / 1_000, second() / 1_000);
      change(path);
    },
    /** The walker, with this clock's times of change. */
    overlay: (walker: FolderWalker): FolderWalker => ({
      ...walker,
      async next(input) {
        const portion = await walker.next(input);
        const files = portion.files.map((file) => ({ ...file, ctimeMs: changed.get(file.inode) ?? 0 }));
        return { ...portion, files };
      },
    }),
  };
}
