// Tells which photos' facts a connection has changed, so that what is held of them in memory is read again. Library thread.
import type { WriteDb } from './open-database.ts';

const ofPhoto = ['favourites', 'own_captions', 'generated_captions', 'photo_places'];

const photoColumns =
  'newest, format, width, height, orientation, rating, lat, lon, camera_make, camera_model, lens, present_files';
const fileColumns = 'photo_id, folder_id, rel_path, missing_since';

/**
 * Begins to note the photos that this connection changes. By temporary triggers, as in `row-sums.ts`: nothing of it is in the library's schema. What a
 * transaction that was rolled back had touched is told as well. @returns takes the photos noted since the last call.
 */
export function noteTouchedPhotos(db: WriteDb): () => number[] {
  let touched = new Set<number>();
  db.function('photo_touched', (photoId: unknown) => {
    if (typeof photoId === 'number') touched.add(photoId);
    return null;
  });
  const trigger = (name: string, event: string, table: string, ids: readonly string[]): void => {
    const body = ids.map((id) => `SELECT photo_touched(${id});`).join(' ');
    db.exec(`CREATE TEMP TRIGGER ${name} AFTER ${event} ON ${table} BEGIN ${body} END`);
  };
  trigger('touched_photo_added', 'INSERT', 'photos', ['NEW.id']);
  trigger('touched_photo_changed', `UPDATE OF ${photoColumns}`, 'photos', ['NEW.id']);
  trigger('touched_photo_removed', 'DELETE', 'photos', ['OLD.id']);
  trigger('touched_file_added', 'INSERT', 'files', ['NEW.photo_id']);
  trigger('touched_file_changed', `UPDATE OF ${fileColumns}`, 'files', ['OLD.photo_id', 'NEW.photo_id']);
  trigger('touched_file_removed', 'DELETE', 'files', ['OLD.photo_id']);
  for (const table of ofPhoto) {
    trigger(`touched_${table}_added`, 'INSERT', table, ['NEW.photo_id']);
    trigger(`touched_${table}_changed`, 'UPDATE', table, ['NEW.photo_id']);
    trigger(`touched_${table}_removed`, 'DELETE', table, ['OLD.photo_id']);
  }
  return () => {
    const taken = [...touched];
    touched = new Set();
    return taken;
  };
}
