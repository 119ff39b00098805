// Statements about captions; the person's and the generated ones never share one. Library thread.
import type { ReadDb } from '../open-database.ts';

export interface GeneratedCaption {
  readonly text: string;
  readonly model: string;
}

export function captionStatements(db: ReadDb) {
  const own = db.prepare<[number], string>('SELECT text FROM own_captions WHERE photo_id = ? ORDER BY rank').pluck();
  const deleteOwn = db.prepare<[number]>('DELETE FROM own_captions WHERE photo_id = ?');
  const insertOwn = db.prepare<[number, number, string, number]>(
    'INSERT INTO own_captions (photo_id, rank, text, written_at) VALUES (?, ?, ?, ?)',
  );
  const generated = db.prepare<[number], GeneratedCaption>(
    'SELECT text, model FROM generated_captions WHERE photo_id = ? ORDER BY rank',
  );
  const deleteGenerated = db.prepare<[number]>('DELETE FROM generated_captions WHERE photo_id = ?');
  const insertGenerated = db.prepare<[number, number, string, string, number]>(
    'INSERT INTO generated_captions (photo_id, rank, text, model, written_at) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    /** The person's captions, in their order. */
    own: (photoId: number): string[] => own.all(photoId),
    replaceOwn(photoId: number, texts: readonly string[], now: number): void {
      deleteOwn.run(photoId);
      for (const [rank, text] of texts.entries()) insertOwn.run(photoId, rank, text, now);
    },
    /** Generated captions, best first. */
    generated: (photoId: number): GeneratedCaption[] => generated.all(photoId),
    replaceGenerated(photoId: number, model: string, texts: readonly string[], now: number): void {
      deleteGenerated.run(photoId);
      for (const [rank, text] of texts.entries()) insertGenerated.run(photoId, rank, text, model, now);
    },
  };
}
