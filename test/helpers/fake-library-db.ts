// A library held in memory that keeps the promises of LibraryDb in the plainest way. Test processes.
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import type { ClaimedPhoto, Failure, FolderRow, Stage, StageVersion } from '../../main/library-db/library-rows.ts';
import { retryAt, strikesToPoison } from '../../main/library-db/work-state.ts';
import { AppError } from '../../main/platform/app-error.ts';
import { isInside } from '../../main/platform/path-inside.ts';
import { photoSetOf, photosOf } from '../../main/platform/photo-set.ts';
import { packTimeline, timelineFlags } from '../../preload/contract/timeline.ts';
import { fakeCare } from './fake-care.ts';
import type { FakeFile, FakeLibraryDb, FakePhoto, Work } from './fake-library-rows.ts';

const poison: Failure = { code: 'decode/poison', message: 'reading this file ended the process twice' };
const fresh = (): Work => ({ state: 'ready', attempts: 0, strikes: 0, notBefore: 0, failure: null });

export function fakeLibraryDb(): FakeLibraryDb {
  const folders: FolderRow[] = [];
  const files: FakeFile[] = [];
  const photos: FakePhoto[] = [];
  const calls: string[] = [];
  const removed = new Set<number>();
  const favourites = new Set<number>();
  const ignored = new Set<number>();
  const settings = new Map<string, unknown>();
  let offline: readonly number[] = [];
  let scans = 0;

  const pathOf = (file: FakeFile): string => `${folders[file.folderId - 1]?.path}/${file.relPath}`;
  const present = (photo: FakePhoto): FakeFile | undefined =>
    files.find((file) => file.photoId === photo.id && !file.missing);
  const photoOf = (id: number): FakePhoto => {
    const photo = photos[id - 1];
    if (!photo) throw new Error(`no photo ${id}`);
    return photo;
  };
  const fileOf = (id: number): FakeFile => {
    const file = files[id - 1];
    if (!file) throw new Error(`no file ${id}`);
    return file;
  };
  const inFolders = (ids: readonly number[], folderId: number): boolean => ids.length === 0 || ids.includes(folderId);

  /** The stage's job of a photo; an absent one, or one of another version, is work to do. */
  function job(photo: FakePhoto, { stage, version }: StageVersion): Work & { version: string } {
    const known = photo.jobs.get(stage);
    if (known?.version === version) return known;
    const made = { ...fresh(), version };
    photo.jobs.set(stage, made);
    return made;
  }
  const asked = (photo: FakePhoto, stage: Stage): boolean => stage !== 'own' || photo.ownCaptions.length > 0;
  function claimable(work: Work, now: number): boolean {
    return work.state === 'ready' || (work.state === 'waiting' && work.notBefore <= now);
  }
  const lacks = (photo: FakePhoto, entry: StageVersion, now: number): boolean =>
    asked(photo, entry.stage) && claimable(job(photo, entry), now);
  function fail(work: Work, failure: Failure, now: number): void {
    const again = retryAt(failure.code, work.attempts, now, () => 0);
    work.attempts++;
    work.failure = failure;
    work.state = again === null ? 'failed' : 'waiting';
    work.notBefore = again ?? 0;
  }
  function strike(work: Work): boolean {
    work.strikes++;
    const isPoison = work.strikes >= strikesToPoison;
    work.state = isPoison ? 'failed' : 'ready';
    if (isPoison) work.failure = poison;
    return isPoison;
  }
  function photoState(photo: FakePhoto, wanted: readonly StageVersion[]): 'done' | 'failed' | 'pending' {
    const states = wanted.filter((entry) => asked(photo, entry.stage)).map((entry) => job(photo, entry).state);
    if (states.includes('failed')) return 'failed';
    return states.every((state) => state === 'done') ? 'done' : 'pending';
  }

  const db: LibraryDb = {
    async registerFolder({ path, now }) {
      const known = folders.find((folder) => folder.path === path);
      const folder = known ?? { id: folders.length + 1, path, addedAt: now, exclude: [], isOffline: false };
      const wasRemoved = removed.delete(folder.id);
      if (!known) folders.push(folder);
      return { folder, known: known !== undefined && !wasRemoved };
    },
    listFolders: async () =>
      folders
        .filter((folder) => !removed.has(folder.id))
        .map((folder) => ({ ...folder, isOffline: offline.includes(folder.id) })),
    async folderViews() {
      const listed = folders.filter((folder) => !removed.has(folder.id));
      return listed.map((folder) => {
        const own = files.filter((file) => file.folderId === folder.id);
        return {
          ...folder,
          isOffline: offline.includes(folder.id),
          vanished: 0,
          unanswered: 0,
          photos: own.filter((file) => !file.missing && file.photoId !== null).length,
          missing: own.filter((file) => file.missing).length,
          failed: own.filter((file) => file.state === 'failed').length,
          pending: own.filter((file) => !file.missing && file.state !== 'done' && file.state !== 'failed').length,
        };
      });
    },
    async removeFolder({ folderId }) {
      const folder = folders[folderId - 1];
      if (!folder || removed.has(folderId)) throw new AppError('input/invalid', `no folder ${folderId}`);
      removed.add(folderId);
      return { path: folder.path, exclude: folder.exclude };
    },
    async restoreFolder({ folderId }) {
      const path = folders[folderId - 1]?.path;
      if (path === undefined || !removed.has(folderId)) throw new AppError('library/folder-not-found', `${folderId}`);
      if (folders.some((it) => !removed.has(it.id) && (isInside(path, it.path) || isInside(it.path, path))))
        throw new AppError('library/folder-overlaps', path);
      removed.delete(folderId);
    },
    async setExclude({ folderId, exclude }) {
      const folder = folders[folderId - 1];
      if (!folder) throw new AppError('input/invalid', `no folder ${folderId}`);
      folders[folderId - 1] = { ...folder, exclude };
      return { before: folder.exclude };
    },
    settleFolders: async () => ({ left: false }),
    async setOffline({ folderIds }) {
      offline = folderIds;
    },
    settleVanished: async () => ({ files: 0 }),
    beginScan: async () => ({ scanId: ++scans }),
    async applyScan({ folderId, scanId, files: seen }) {
      const counts = { added: 0, changed: 0, unchanged: 0 };
      for (const { relPath, sizeBytes, mtimeMs } of seen) {
        const file = files.find((known) => known.folderId === folderId && known.relPath === relPath);
        if (!file) {
          const id = files.length + 1;
          files.push({ id, folderId, relPath, sizeBytes, mtimeMs, scanId, missing: false, photoId: null, ...fresh() });
          counts.added++;
          continue;
        }
        const same = file.sizeBytes === sizeBytes && file.mtimeMs === mtimeMs;
        counts[same ? 'unchanged' : 'changed']++;
        Object.assign(file, { sizeBytes, mtimeMs, scanId, missing: false }, same ? {} : fresh());
      }
      return counts;
    },
    async finishScan({ folderId, scanId, unreadable }) {
      const below = (relPath: string): boolean =>
        unreadable.some((folder) => folder === '' || relPath.startsWith(`${folder}/`));
      const gone = files.filter(
        (file) => file.folderId === folderId && !file.missing && file.scanId !== scanId && !below(file.relPath),
      );
      for (const file of gone) file.missing = true;
      return { missing: gone.length, moved: 0, held: 0 };
    },
    async retryPassing({ folderIds }) {
      const passing = (work: Work): boolean =>
        (work.state === 'failed' || work.state === 'waiting') && /^(fs|inference)\//.test(work.failure?.code ?? '');
      const again = files.filter((file) => inFolders(folderIds, file.folderId) && passing(file));
      for (const file of again) Object.assign(file, fresh());
      const work = photos.flatMap((photo) => [...photo.jobs.values()].filter(passing));
      for (const entry of work) Object.assign(entry, fresh());
      return { files: again.length, photos: work.length };
    },

    async claimFiles({ limit, now }) {
      const claimed = files
        .filter((file) => !file.missing && claimable(file, now))
        .sort((a, b) => b.mtimeMs - a.mtimeMs || a.id - b.id)
        .slice(0, limit);
      for (const file of claimed) file.state = 'running';
      return claimed.map((file) => ({
        fileId: file.id,
        path: pathOf(file),
        sizeBytes: file.sizeBytes,
        mtimeMs: file.mtimeMs,
      }));
    },
    async identifyFiles({ files: identified }) {
      return identified.map(({ fileId, facts }) => {
        const file = fileOf(fileId);
        const known = photos.find((photo) => photo.facts.sha256 === facts.sha256);
        const photo = known ?? {
          id: photos.length + 1,
          facts,
          jobs: new Map(),
          vectors: new Map(),
          captions: [],
          captionModel: null,
          ownCaptions: [],
          thumbnail: null,
        };
        if (!known) photos.push(photo);
        const same = file.photoId === photo.id && [...photo.jobs.values()].every(({ state }) => state === 'done');
        Object.assign(file, fresh(), { state: 'done', photoId: photo.id });
        return { fileId, photoId: photo.id, known: known !== undefined, same };
      });
    },
    async failFiles({ files: failed, now }) {
      for (const { fileId, code, message } of failed) fail(fileOf(fileId), { code, message }, now);
    },
    useDecoder: async () => ({ poisons: [] }),
    strikeFiles: async ({ files: struck }) => ({
      poisoned: struck.map(({ fileId }) => fileId).filter((id) => strike(fileOf(id))),
    }),

    async claimPhotos({ wanted, together, limit, now }) {
      const claimed: ClaimedPhoto[] = [];
      const open = photos.filter(present).reverse();
      for (const [index, entry] of wanted.entries()) {
        if (!together && claimed.length > 0) break;
        for (const photo of open) {
          if (claimed.length >= limit) break;
          if (!lacks(photo, entry, now)) continue;
          const stages = (together ? wanted.slice(index) : [entry]).filter((other) => lacks(photo, other, now));
          for (const stage of stages) job(photo, stage).state = 'running';
          const names = stages.map(({ stage }) => stage);
          claimed.push({
            photoId: photo.id,
            sha256: photo.facts.sha256,
            path: pathOf(present(photo) as FakeFile),
            stages: names,
            ownCaptions: names.includes('own') ? photo.ownCaptions : [],
          });
        }
      }
      return claimed;
    },
    async completePhotos({ results }) {
      for (const { photoId, done, vectors, thumbnail, captions } of results) {
        const photo = photoOf(photoId);
        for (const vector of vectors) photo.vectors.set(`${vector.kind} ${vector.modelId}`, vector);
        if (thumbnail) photo.thumbnail = thumbnail;
        if (captions) Object.assign(photo, { captions: captions.texts, captionModel: captions.model });
        for (const entry of done) Object.assign(job(photo, entry), fresh(), { state: 'done' });
      }
    },
    async failPhotos({ photos: failed, now }) {
      for (const { photoId, stages, code, message } of failed) {
        for (const entry of stages) fail(job(photoOf(photoId), entry), { code, message }, now);
      }
    },
    async strikePhotos({ photos: struck }) {
      const poisoned = struck.filter(
        ({ photoId, stages }) => stages.filter((entry) => strike(job(photoOf(photoId), entry))).length > 0,
      );
      return { poisoned: poisoned.map(({ photoId }) => photoId) };
    },
    async releaseClaims() {
      const running = files.filter((file) => file.state === 'running');
      const jobs = photos.flatMap((photo) => [...photo.jobs.values()].filter((work) => work.state === 'running'));
      for (const work of [...running, ...jobs]) work.state = 'ready';
      return { files: running.length, photos: jobs.length };
    },
    async nextRetryAt({ wanted }) {
      const jobs = photos.filter(present).flatMap((photo) => wanted.map((entry) => job(photo, entry)));
      const times = [...files.filter((file) => !file.missing), ...jobs]
        .filter((work) => work.state === 'waiting')
        .map((work) => work.notBefore);
      return times.length === 0 ? null : Math.min(...times);
    },

    async counts({ wanted }) {
      const live = photos.filter(present);
      const left = (entry: StageVersion): number =>
        live.filter((photo) => asked(photo, entry.stage) && !['done', 'failed'].includes(job(photo, entry).state))
          .length;
      const pendingByStage = { look: 0, caption: 0, own: 0 };
      for (const entry of wanted) pendingByStage[entry.stage] = left(entry);
      return {
        folders: folders.map((folder) => {
          const own = files.filter((file) => file.folderId === folder.id);
          return {
            ...folder,
            files: own.filter((file) => !file.missing).length,
            missing: own.filter((file) => file.missing).length,
          };
        }),
        files: files.filter((file) => !file.missing).length,
        photos: live.length,
        indexed: live.filter((photo) => photo.jobs.get('look')?.state === 'done').length,
        pending: live.filter((photo) => photoState(photo, wanted) === 'pending').length,
        pendingByStage,
        unidentified: files.filter((file) => !file.missing && !['done', 'failed'].includes(file.state)).length,
        failed:
          files.filter((file) => file.state === 'failed').length +
          live.filter((photo) => photoState(photo, wanted) === 'failed').length,
      };
    },
    async failures({ folderIds, limit }) {
      return files
        .filter((file) => inFolders(folderIds, file.folderId) && !file.missing)
        .flatMap((file) => {
          const jobs = file.photoId === null ? [] : [...photoOf(file.photoId).jobs.values()];
          const failed = [file, ...jobs].find((work) => work.state === 'failed')?.failure;
          return failed ? [{ path: pathOf(file), ...failed }] : [];
        })
        .sort((a, b) => (a.path < b.path ? -1 : 1))
        .slice(0, limit);
    },
    async folderOutcome({ folderIds, wanted }) {
      const states = files
        .filter((file) => inFolders(folderIds, file.folderId) && !file.missing)
        .map((file) => {
          if (file.state === 'failed') return 'failed';
          // A file that changed keeps its photo until its new bytes are known, and counts as work until then.
          if (file.state !== 'done' || file.photoId === null) return 'pending';
          return photoState(photoOf(file.photoId), wanted);
        });
      const of = (state: string): number => states.filter((other) => other === state).length;
      return { files: states.length, indexed: of('done'), failed: of('failed'), pending: of('pending') };
    },

    revision: async () => ({ revision: calls.length, photos: photos.filter(present).length }),
    async timelineColumns() {
      const live = photos.filter(present).reverse();
      return packTimeline({
        revision: calls.length,
        count: live.length,
        ids: Uint32Array.from(live, (photo) => photo.id),
        days: new Int32Array(live.length),
        ratios: new Uint16Array(live.length).fill(1000),
        colours: new Uint16Array(live.length),
        flags: Uint8Array.from(live, (photo) => (favourites.has(photo.id) ? timelineFlags.favourite : 0)),
      });
    },
    async photoCells({ photoIds }) {
      const live = photoIds.filter((id) => present(photoOf(id)));
      const label = (photo: FakePhoto): string | undefined => photo.ownCaptions[0] ?? photo.captions[0];
      return {
        photoIds: live,
        labels: live.map((id) => label(photoOf(id)) ?? present(photoOf(id))?.relPath ?? ''),
        mediaRevisions: live.map((id) => (photoOf(id).thumbnail ? 1 : 0)),
      };
    },
    async photoView({ photoId }) {
      const file = files.find((other) => other.photoId === photoId);
      const details = file && (await db.photoByPath({ path: pathOf(file) }));
      if (!file || !details) return null;
      return {
        ...details,
        folderPath: folders[file.folderId - 1]?.path ?? '',
        relPath: file.relPath,
        favourite: favourites.has(photoId),
        missing: file.missing,
        damaged: false,
        generatedCaptions: photoOf(photoId).captions,
        mediaRevision: 1,
        fileDate: null,
      };
    },
    async photoFile({ photoId }) {
      const file = files.find((other) => other.photoId === photoId && !other.missing);
      if (!file) return null;
      return { ...photoOf(photoId).facts, path: pathOf(file), mediaRevision: 1 };
    },
    async setFavourite({ photoIds, favourite }) {
      const changed = photoIds.filter((id) => photos[id - 1] && favourites.has(id) !== favourite);
      for (const id of changed) favourite ? favourites.add(id) : favourites.delete(id);
      return { changed };
    },
    async failureViews({ limit }) {
      const failed = files.filter((file) => file.state === 'failed' && !file.missing && !ignored.has(file.id));
      const views = failed.map((file) => ({
        fileId: file.id,
        photoId: file.photoId,
        path: pathOf(file),
        ...(file.failure ?? poison),
      }));
      return { failures: views.slice(0, limit), total: views.length };
    },
    async retryFiles({ fileIds }) {
      for (const id of fileIds) if (fileOf(id).state === 'failed') Object.assign(fileOf(id), fresh());
    },
    async ignoreFiles({ fileIds, ignored: hide }) {
      for (const id of fileIds) hide ? ignored.add(id) : ignored.delete(id);
    },
    readSettings: async () => Object.fromEntries(settings),
    async writeSettings({ values }) {
      for (const [key, value] of Object.entries(values)) settings.set(key, value);
    },
    vectorOf: async ({ photoId, kind, modelId }) =>
      photos[photoId - 1]?.vectors.get(`${kind} ${modelId}`)?.data ?? null,
    thumbnailsWithoutColour: async () => [],
    setColours: async () => undefined,

    async photoByPath({ path }) {
      const file = files.find((other) => pathOf(other) === path);
      if (!file || file.photoId === null) return null;
      const photo = photoOf(file.photoId);
      const [own] = photo.ownCaptions;
      const [generated] = photo.captions;
      const failed = [...photo.jobs.values()].find((work) => work.state === 'failed')?.failure ?? null;
      return {
        ...photo.facts,
        photoId: photo.id,
        path,
        caption: own
          ? { text: own, source: 'person', model: null }
          : generated
            ? { text: generated, source: 'model', model: photo.captionModel }
            : null,
        vectors: [...photo.vectors.values()].map(({ kind, modelId, data }) => ({
          kind,
          model: modelId,
          dim: data.length,
        })),
        failure: failed,
      };
    },
    async summaries({ photoIds }) {
      return photoIds.flatMap((id) => {
        const photo = photos[id - 1];
        const file = photo && present(photo);
        return file
          ? [{ photoId: id, path: pathOf(file), caption: photo.ownCaptions[0] ?? photo.captions[0] ?? null }]
          : [];
      });
    },
    async thumbnail({ photoId }) {
      const { thumbnail } = photoOf(photoId);
      return thumbnail ? { ...thumbnail, revision: 1 } : null;
    },
    async setOwnCaptions({ photoId, texts }) {
      const photo = photoOf(photoId);
      const before = photo.ownCaptions;
      photo.ownCaptions = texts;
      photo.jobs.delete('own');
      return { before };
    },
    wordMatches: async () => ({ score: 0, texts: [] }),
    async searchWords({ text, limit }) {
      const words = text.toLowerCase().split(/\s+/);
      const scored = photos
        .map((photo) => {
          const known = [...photo.ownCaptions, ...photo.captions].join(' ').toLowerCase().split(/\s+/);
          return { id: photo.id, score: words.filter((word) => known.includes(word)).length };
        })
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .slice(0, limit);
      return { photoIds: scored.map(({ id }) => id), scores: scored.map(({ score }) => score) };
    },
    // It knows of no condition but the one.
    async photosWhere({ filters }) {
      const live = photos.filter((photo) => present(photo) !== undefined);
      const passes = (photo: FakePhoto): boolean =>
        filters.every(({ kind, not }) => kind !== 'favourite' || favourites.has(photo.id) !== not);
      return filters.length === 0 ? null : photoSetOf(live.filter(passes).map(({ id }) => id));
    },
    async newestWhere({ filters, limit }) {
      const passing = (await db.photosWhere({ filters })) ?? photoSetOf([]);
      const photoIds = [...photosOf(passing)].reverse();
      return { photoIds: photoIds.slice(0, limit), photos: photoIds.length };
    },
    vocabulary: async () => ({ cameras: [], lenses: [], folders: [], keywords: [], places: [] }),
    photosToPlace: async () => [],
    setPlaces: async () => undefined,
    health: async () => ({
      sqliteVersion: '3.51.3',
      schemaVersion: 30,
      journalMode: 'wal',
      synchronous: 2,
      pageSizeBytes: 16_384,
      sizeBytes: 1_250_000,
      quickCheck: 'ok',
    }),
    ...fakeCare,
    close: async () => undefined,
  };
  return { ...recorded(db, calls), files, photos, calls };
}

/** Every call is noted, and answers come a turn later, as from another thread. */
function recorded(db: LibraryDb, calls: string[]): LibraryDb {
  const methods = Object.entries(db).map(([name, method]) => [
    name,
    async (input: unknown) => {
      calls.push(name);
      await Promise.resolve();
      return (method as (input: unknown) => Promise<unknown>)(input);
    },
  ]);
  return Object.fromEntries(methods) as LibraryDb;
}
