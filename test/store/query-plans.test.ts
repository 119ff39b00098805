// The plans of the queries that run for every claim and every keystroke: an index for each, no scan of a table, no sort of a queue.
import { describe, expect, it } from 'vitest';
import { latestVersion, migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForWriting, type ReadDb } from '../../main/store/open-database.ts';
import { carrySql } from '../../main/store/statements/carries.ts';
import { documentSql } from '../../main/store/statements/documents.ts';
import { failureSql } from '../../main/store/statements/failures.ts';
import { fileScanSql } from '../../main/store/statements/file-scan.ts';
import { fileWorkSql } from '../../main/store/statements/file-work.ts';
import { filterSql } from '../../main/store/statements/filter-rows.ts';
import { folderSql } from '../../main/store/statements/folders.ts';
import { gallerySql } from '../../main/store/statements/gallery.ts';
import { jobSql } from '../../main/store/statements/jobs.ts';
import { lookupSql } from '../../main/store/statements/lookups.ts';
import { placeSql } from '../../main/store/statements/places.ts';
import { reportSql } from '../../main/store/statements/reports.ts';
import { vectorReadSql } from '../../main/store/statements/vector-reads.ts';
import { matchSql } from '../../main/store/statements/word-matches.ts';
import { wordSql } from '../../main/store/statements/word-search.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

const hot: readonly (readonly [string, string, readonly string[]])[] = [
  ['claimFiles', fileWorkSql.claim, ['files_new']],
  ['files whose wait is over', fileWorkSql.due, ['files_waiting']],
  ['claimPhotos', jobSql.claim, ['PRIMARY KEY (photo_id=? AND stage=?)', 'jobs_queue', 'files_by_photo']],
  ['claimPhotos, other stages', jobSql.claimAlso, ['PRIMARY KEY (photo_id=? AND stage=?)']],
  ['photos whose wait is over', jobSql.due, ['jobs_waiting']],
  ['retryPassing, files', fileWorkSql.retry, ['files_failed', 'files_waiting']],
  ['retryPassing, failed photos', jobSql.retryFailed, ['jobs_failed', 'files_by_photo']],
  ['retryPassing, waiting photos', jobSql.retryWaiting, ['jobs_waiting', 'files_by_photo']],
  ['files left', reportSql.unidentified, ['files_new', 'files_waiting', 'files_running']],
  ['failures', reportSql.failures, ['files_failed', 'jobs_failed', 'files_by_photo']],
  ['releaseClaims', jobSql.release, ['jobs_running']],
  ['summaries', lookupSql.shown, ['files_by_photo']],
  ['places of claimed photos', lookupSql.places, ['files_by_photo']],
  ['photoByPath', lookupSql.photoAt, ['sqlite_autoindex_files_1']],
  ['a scanned file', fileScanSql.byPath, ['sqlite_autoindex_files_1']],
  ['searchWords', wordSql.search, ['SCAN w VIRTUAL TABLE INDEX', 'INTEGER PRIMARY KEY']],
  ['one word', wordSql.term, ['SCAN w VIRTUAL TABLE INDEX', 'INTEGER PRIMARY KEY']],
  ['matching words of a photo', matchSql.match, ['VIRTUAL TABLE INDEX']],
  ['names of a photo', documentSql.names, ['files_by_photo']],
  ['photos live', reportSql.livePhotos, ['photos_live']],
  ['photos done', reportSql.done, ['jobs_queue']],
  ['photos left', reportSql.left, ['jobs_queue']],
  ['cells of a gallery', gallerySql.cellRows, ['files_by_photo']],
  ['best file of a photo', gallerySql.place, ['files_by_photo']],
  ['present file of a photo', gallerySql.present, ['files_by_photo']],
  ['failed photos', gallerySql.failed, ['jobs_failed']],
  ['thumbnails without a colour', gallerySql.uncoloured, ['photos_uncoloured']],
  ['photos whose folders are away', gallerySql.away, ['files_by_folder', 'files_by_photo']],
  ['files by folder', reportSql.folderFiles, ['COVERING INDEX files_by_folder']],
  ['work left by folder', reportSql.leftByFolder, ['files_new', 'files_waiting', 'files_running', 'jobs_queue']],
  ['failed files, listed', failureSql.list, ['files_failed', 'jobs_failed', 'files_by_photo']],
  ['failed files, counted', failureSql.countByFolder, ['files_failed', 'jobs_failed', 'files_by_photo']],
  ['failed files, tried again', failureSql.retryFiles, ['INTEGER PRIMARY KEY']],
  ['failed photos, tried again', failureSql.retryPhotos, ['PRIMARY KEY (photo_id=?)']],
  ['failed files, ignored', failureSql.ignore, ['INTEGER PRIMARY KEY']],
  ['files of a removed folder', folderSql.hideFiles, ['files_by_folder (folder_id=? AND missing_since=?)']],
  ['files of a restored folder', folderSql.returnFiles, ['files_by_folder (folder_id=? AND missing_since=?)']],
  ['files that a pattern names', folderSql.hideExcluded, ['files_leaving']],
  ['files that no pattern names any more', folderSql.returnIncluded, ['COVERING INDEX files_returning']],
  ['photos with copies', folderSql.copies, ['INTEGER PRIMARY KEY', 'files_by_photo']],
  ['files of a folder', fileScanSql.paths, ['files_by_folder']],
  [
    'files gone from a folder',
    fileScanSql.unseenBelow,
    ['sqlite_autoindex_files_1 (folder_id=? AND rel_path>? AND rel_path<?)'],
  ],
  ['places of files long gone', fileScanSql.forget, ['files_by_folder (folder_id=? AND missing_since<?)']],
  ['edits whose words are sure where to go', carrySql.sure, ['files_new_by_size (size_bytes=?)', 'files_running']],
  ['facts of a portion of photos', filterSql.portion, ['INTEGER PRIMARY KEY (rowid>? AND rowid<?)']],
  ['facts of some photos', filterSql.some, ['INTEGER PRIMARY KEY']],
  ['files of a portion of photos', filterSql.filesBetween, ['files_by_photo (photo_id>? AND photo_id<?)']],
  ['files of some photos', filterSql.filesOf, ['files_by_photo']],
  ['photos without a place', placeSql.byOlder, ['photos_placed (placed<?)']],
  ['photos placed by another gazetteer', placeSql.byNewer, ['photos_placed (placed>?)']],
  ['last change of vectors', vectorReadSql.lastSeq, ['vec_log']],
  ['vectors by model', vectorReadSql.scan, ['vectors_by_space']],
  ['vectors changed since', vectorReadSql.changed, ['vec_log_by_space', 'sqlite_autoindex_vectors_1']],
  ['vectors of photos', vectorReadSql.byPhoto, ['sqlite_autoindex_vectors_1']],
  ['photos with vectors', vectorReadSql.live, ['COVERING INDEX sqlite_autoindex_vectors_1']],
];

/** Sorts that are of the few rows asked for. */
const sorts = new Set([
  'summaries',
  'places of claimed photos',
  'searchWords',
  'failures',
  'cells of a gallery',
  'best file of a photo',
  'present file of a photo',
  'work left by folder',
  'failed files, listed',
  'failed files, counted',
]);

/** Tables that are read whole, because what waits in them is all that is asked for. */
const queues = new Map([['edits whose words are sure where to go', 'SCAN c']]);

async function emptyLibrary(): Promise<ReadDb> {
  const db = openForWriting(`${temporaryFolder()}/library.db`, latestVersion(librarySteps));
  await migrate(db, librarySteps, async () => undefined);
  return db;
}

describe('query plans', () => {
  it.each(hot)('%s', async (name, sql, indexes) => {
    const db = await emptyLibrary();
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...unbound(sql));
    db.close();
    const details = plan.map((step) => step.detail);
    for (const index of indexes) expect(details.join('\n')).toContain(index);
    const scans = details.filter(
      (detail) =>
        /^SCAN (?!asked|below|json_each|CONSTANT|\(subquery|\w+ VIRTUAL|\w+ USING)/.test(detail) &&
        detail !== queues.get(name),
    );
    const sorted = details.filter((detail) => detail.includes('TEMP B-TREE') && !sorts.has(name));
    expect({ scans, sorted }).toEqual({ scans: [], sorted: [] });
  });
});

/** A plan is made without values, but the driver wants them all. */
function unbound(sql: string): unknown[] {
  const names = [...sql.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  if (names.length > 0) return [Object.fromEntries(names.map((parameter) => [parameter, null]))];
  return [...sql.matchAll(/\?/g)].map(() => null);
}
