// Turns finished pieces of work into what a person wants to know: how many photos, how fast, how long. Shell process.
import type { IndexingProgress } from '../../../preload/contract/indexing.ts';

/** The rate is taken over this much of the recent past: long enough to be calm, short enough to follow a change of folder. */
const windowMs = 20_000;

/**
 * Counts in pieces of work, because a photo may be looked at now and captioned an hour later: a photo half done counts as half. So `done` rises evenly,
 * reaches `total` with the last piece, and is never above it.
 */
export interface ProgressMeter {
  phase(name: IndexingProgress['phase']): void;
  /** Photos with work left and the pieces of work they stand for, as counted now; what was done before stays counted. */
  setLeft(left: { readonly photos: number; readonly pieces: number }): void;
  /** More of both was found. */
  addLeft(more: { readonly photos: number; readonly pieces: number }): void;
  addDone(pieces: number): void;
  /** `pieces`: the work that is not to be done any more. */
  addFailed(photos: number, pieces: number): void;
  /** Nothing is left: what was not done by itself (copies, work given up) is behind us too. */
  finish(): void;
  /** Name of a file in hand, else null. */
  current(name: string | null): void;
  /** `paused` is not the meter's to know. */
  read(): Omit<IndexingProgress, 'paused'>;
}

export interface ProgressMeterOptions {
  /** Monotonic milliseconds. */
  now(): number;
  /** Something of what `read` answers may be different now. */
  onChange?(): void;
}

export function createProgressMeter({ now, onChange = () => undefined }: ProgressMeterOptions): ProgressMeter {
  let phase: IndexingProgress['phase'] = 'idle';
  let current: string | null = null;
  let total = 0;
  let failed = 0;
  /** Pieces: all known of this run, and those behind us, done or failed. */
  let pieces = 0;
  let behind = 0;
  let marks: { at: number; behind: number }[] = [];

  function doneOf(): number {
    const finished = pieces === 0 ? total : Math.floor((total * Math.min(behind, pieces)) / pieces);
    return Math.max(0, finished - failed);
  }

  function mark(): void {
    marks.push({ at: now(), behind });
    // The newest mark before the window stays, so that the rate covers the whole of it.
    while (marks.length > 2 && (marks[1]?.at ?? 0) < now() - windowMs) marks.shift();
    onChange();
  }

  return {
    phase(name) {
      if (name === phase) return;
      // What was counted belongs to the run before.
      if (phase === 'idle') total = failed = pieces = behind = 0;
      if (name === 'idle') current = null;
      marks = [{ at: now(), behind }];
      phase = name;
      onChange();
    },
    setLeft(left) {
      const finished = doneOf() + failed;
      total = finished + left.photos;
      // What is shown as finished stays finished, in proportion to what is left.
      behind = left.photos > 0 ? Math.round((left.pieces * finished) / left.photos) : behind;
      pieces = behind + left.pieces;
      marks = [{ at: now(), behind }];
      onChange();
    },
    addLeft(more) {
      total += more.photos;
      pieces += more.pieces;
      onChange();
    },
    addDone(count) {
      behind += count;
      mark();
    },
    addFailed(photos, count) {
      failed += photos;
      behind += count;
      mark();
    },
    finish() {
      behind = pieces;
      onChange();
    },
    current(name) {
      current = name;
      onChange();
    },
    read() {
      const first = marks[0];
      const seconds = first ? (now() - first.at) / 1000 : 0;
      const piecesPerSecond = first && seconds > 0 ? (behind - first.behind) / seconds : 0;
      const photosPerSecond = pieces > 0 ? (piecesPerSecond * total) / pieces : 0;
      const left = Math.max(0, pieces - behind);
      return {
        phase,
        done: doneOf(),
        total,
        failed: Math.min(failed, total),
        photosPerSecond: Math.round(photosPerSecond * 10) / 10,
        secondsLeft: piecesPerSecond > 0 && phase === 'indexing' ? Math.round(left / piecesPerSecond) : null,
        current,
      };
    },
  };
}
