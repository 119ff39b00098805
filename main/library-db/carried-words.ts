// What a person said of a photo goes with the file when its content is edited. Library thread.
import { type OpenStore, refreshWords } from './open-store.ts';

/** Notes that a file holds other content now; what becomes of the words is decided once it is sure that the old content lies nowhere else. */
export function noteEdit(store: OpenStore, edit: { fileId: number; from: number; to: number; isNew: boolean }): void {
  const { carries, captions } = store;
  // Edited again while they wait, words go on to the newest content, unless the person gave the one in between words of its own.
  const waiting = captions.own(edit.from).length === 0 ? carries.waiting(edit.fileId, edit.from) : undefined;
  // Content known from elsewhere has words of its own; but one that this photo was made from, an edit undone, takes them back.
  if (edit.isNew || carries.was(edit.from) === edit.to) carries.note(edit.fileId, waiting ?? edit.from, edit.to);
}

/** Carries the words of edits that are sure by now: a file that is yet to be read might be where the old content went. */
export function settleCarries(store: OpenStore, now: number): void {
  const { carries, captions, gallery } = store;
  for (const { fileId, from, to, isStill, isElsewhere } of carries.sure()) {
    carries.drop(fileId);
    if (!isStill || isElsewhere) continue;
    const isUndone = carries.was(from) === to;
    carries.noteEdit(to, from);
    const texts = captions.own(from);
    // What the person wrote of the edited photo meanwhile is newer than what waited; an edit undone brings back to the old content what was said since.
    if (texts.length > 0 && (isUndone || captions.own(to).length === 0)) {
      captions.replaceOwn(to, texts, now);
      store.vectors.removeKind(to, 'own');
      store.jobs.makeOwnWork(to);
      refreshWords(store, to);
    }
    if (gallery.card(from)?.favourite === 1) gallery.setFavourite([to], true, now);
  }
}
