// Statements of the thumbnails file. Library thread.
import { crc32 } from 'node:zlib';
import type { ReadDb } from '../open-database.ts';

export interface StoredThumbnail {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly format: string;
}

export function thumbnailStatements(db: ReadDb) {
  const source = db.prepare<[], string>('SELECT library_uid FROM source').pluck();
  const setSource = db.prepare<[string]>('INSERT INTO source (id, library_uid) VALUES (1, ?)');
  const get = db.prepare<[number], StoredThumbnail>(
    'SELECT bytes, width, height, format FROM thumbnails WHERE photo_id = ?',
  );
  const put = db.prepare<[number, number, number, string, Uint8Array, number]>(
    'INSERT OR REPLACE INTO thumbnails (photo_id, width, height, format, bytes, crc) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare<[number]>('DELETE FROM thumbnails WHERE photo_id = ?');
  const all = db.prepare<[], { photoId: number; crc: number | null; bytes: Buffer }>(
    'SELECT photo_id AS photoId, crc, bytes FROM thumbnails',
  );
  const hand = db.prepare<[string]>('UPDATE source SET library_uid = ?');
  const removeAbove = db.prepare<[number]>('DELETE FROM thumbnails WHERE photo_id > ?');
  return {
    /** How many there are, and the photos whose picture is not what was stored; those of older versions cannot be told. */
    check(): { all: number; damaged: number[] } {
      const damaged: number[] = [];
      let count = 0;
      for (const { photoId, crc, bytes } of all.iterate()) {
        count++;
        if (bytes.length === 0 || (crc !== null && crc !== crc32(bytes))) damaged.push(photoId);
      }
      return { all: count, damaged };
    },
    remove(photoId: number): void {
      remove.run(photoId);
    },
    /** Gives the file to a library that was made of this one's as it was earlier; that gives the numbers above to other photos. */
    handOver(uid: string, upTo: number): void {
      removeAbove.run(upTo);
      hand.run(uid);
    },
    /** The library the file belongs to; undefined for a new file. */
    libraryUid: (): string | undefined => source.get(),
    setLibraryUid(uid: string): void {
      setSource.run(uid);
    },
    get: (photoId: number): StoredThumbnail | undefined => get.get(photoId),
    put(photoId: number, thumbnail: StoredThumbnail): void {
      put.run(photoId, thumbnail.width, thumbnail.height, thumbnail.format, thumbnail.bytes, crc32(thumbnail.bytes));
    },
  };
}
