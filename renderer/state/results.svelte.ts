// Search as you type: what the sentence in the box finds, in the way and the order the person chose. Renderer.
import { maxQueryLength, type Ranking } from '../../preload/contract/search.ts';
import { emptyList, type PhotoList } from '../grid/photo-list.ts';
import { byDate, likelyCount, literalFirst, takeInRanking } from '../search/ranked-order.ts';
import { strings } from '../strings/strings.ts';
import type { AppConnection } from './app-context.ts';
import { createNewestCall, isLostLine, problemText } from './newest-call.ts';
import { createRefresher } from './refresher.ts';

export type SearchWay = 'fused' | 'embedding' | 'caption' | 'words' | 'compare';
export type ResultOrder = 'relevance' | 'date';
export const comparedModes = ['embedding', 'caption', 'fused'] as const;
export type ComparedMode = (typeof comparedModes)[number];
export type Comparison = Readonly<Record<ComparedMode, Ranking>>;

/** What is shown of a ranking: enough to scroll through, little enough to be quick on every key. */
const limit = 500;
/** Photos in each column of the comparison. */
export const comparedLimit = 60;
/** While photos stream in, a sentence is asked again this often at most. */
const askAgainMs = 1500;

const noIds = new Uint32Array(0);

export class ResultsState {
  /** As typed. */
  text = $state('');
  way = $state<SearchWay>('fused');
  order = $state<ResultOrder>('relevance');
  /** `literal`: matching words are shown, the rest is still being looked for. */
  phase = $state<'idle' | 'searching' | 'literal' | 'done' | 'failed'>('idle');
  problem = $state<string | null>(null);
  /** The newest answer; `photoIds` of it are not yet in the order shown. */
  ranking = $state.raw<Ranking | null>(null);
  comparison = $state.raw<Comparison | null>(null);

  /** What is asked: without the spaces around, and no longer than anybody describes a photo. */
  readonly query = $derived(sentenceOf(this.text));
  readonly isCut = $derived(this.text.trim().length > maxQueryLength);
  readonly active = $derived(this.query !== '');
  readonly comparing = $derived(this.way === 'compare' && this.active);
  /** How many are shown by date. */
  readonly likely = $derived(this.ranking ? likelyCount(this.ranking.scores) : 0);
  /** What was found, in the order chosen; null where nothing is asked or nothing has been answered yet, and the timeline stays. */
  readonly list: PhotoList | null = $derived.by(() => this.#listInOrder());

  /** The sentence that what is shown was found for: while a newer one is asked, what was found before stands as it is. */
  answered = $state('');

  #shown = $state.raw<Uint32Array>(noIds);
  /** Matching words of the sentence asked last, where they came before the rest. */
  #words: Ranking | null = null;
  /** The first so many photos shown are being looked at: a pointer or the focus rests in their last row. */
  #held = 0;
  readonly #connection: AppConnection;
  readonly #positionOf: (id: number) => number;
  readonly #newest = createNewestCall();
  readonly #again = createRefresher(() => this.#askAgain(), askAgainMs);

  /** `positionOf` tells a photo's place in the timeline, -1 where it is not in it. */
  constructor(connection: AppConnection, positionOf: (id: number) => number) {
    this.#connection = connection;
    this.#positionOf = positionOf;
  }

  /** Keeps what was found up to date with the library. Returns what ends it. */
  start(): () => void {
    const ends = [
      this.#connection.on('library.changed', () => this.#again.ask()),
      this.#connection.onGap(() => this.retry()),
      this.#again.stop,
    ];
    return () => {
      for (const end of ends) end();
      this.#newest.stop();
    };
  }

  /** A key was pressed: asked at once, without waiting for the next. */
  setText(text: string): void {
    const before = this.query;
    this.text = text;
    if (this.query === before) return;
    // Whoever types looks at the answer as a whole; what is held is what was pointed at after that.
    this.#held = 0;
    if (this.active) void this.#ask();
    else this.#clear();
  }

  setWay(way: SearchWay): void {
    if (this.way === way) return;
    this.way = way;
    this.#held = 0;
    if (this.active) void this.#ask();
  }

  /** Asks the same again, after a failure for one. */
  retry(): void {
    if (this.active) void this.#ask();
  }

  /** The photos up to this place of the list stay where they are when a better ranking comes; 0 lets all of them move. */
  hold(count: number): void {
    this.#held = count;
  }

  #clear(): void {
    this.#newest.stop();
    this.phase = 'idle';
    this.problem = null;
    this.ranking = null;
    this.comparison = null;
    this.answered = '';
    this.#shown = noIds;
  }

  async #ask(): Promise<void> {
    this.phase = 'searching';
    this.#words = null;
    await this.#answer(true);
  }

  /** The library changed under what is shown: nothing flickers, rows that are looked at stay. */
  async #askAgain(): Promise<void> {
    if (this.active && this.phase === 'done') await this.#answer(false);
  }

  async #answer(literalFirst: boolean): Promise<void> {
    try {
      if (this.way === 'compare') await this.#compare();
      else await this.#rank(this.way, literalFirst && this.way === 'fused');
    } catch (error) {
      // With the line down the reconnect asks again; until then what was found stays.
      if (isLostLine(error)) return;
      this.phase = 'failed';
      this.problem = problemText(error, strings.search.failed);
      // What an older sentence found is no answer to this one; matching words are.
      this.ranking = this.#words;
      this.comparison = null;
      this.#shown = Uint32Array.from(this.#words?.photoIds ?? []);
    }
  }

  async #compare(): Promise<void> {
    const text = this.query;
    const answers = await this.#newest.run((signal) =>
      Promise.all(
        comparedModes.map((mode) => this.#connection.api.search.rank({ text, mode, limit: comparedLimit }, { signal })),
      ),
    );
    if (!answers) return;
    const [embedding, caption, fused] = answers as [Ranking, Ranking, Ranking];
    this.comparison = { embedding, caption, fused };
    this.#settle(fused);
  }

  async #rank(mode: Exclude<SearchWay, 'compare'>, literalToo: boolean): Promise<void> {
    const text = this.query;
    const older = this.ranking ? this.#shown : noIds;
    const found = await this.#newest.run(async (signal) => {
      const { rank } = this.#connection.api.search;
      const whole = rank({ text, mode, limit }, { signal });
      if (!literalToo) return whole;
      // Words answer at once; they are shown while the pictures are still being compared, and stay where those cannot be asked.
      const words = rank({ text, mode: 'words', limit }, { signal });
      void this.#showLiteral(words, whole, signal, older);
      try {
        return await whole;
      } catch (error) {
        const matching = await words.catch(() => null);
        if (!signal.aborted) this.#words = matching;
        throw error;
      }
    });
    if (found) this.#settle(found);
  }

  async #showLiteral(
    words: Promise<Ranking>,
    whole: Promise<Ranking>,
    signal: AbortSignal,
    older: Uint32Array,
  ): Promise<void> {
    // Not shown once the whole answer is there, nor when a newer sentence is asked. A failure of the words alone is no failure of the search.
    const first = await Promise.race([words, whole.then(() => null)]).catch(() => null);
    if (!first || signal.aborted || first.photoIds.length === 0) return;
    const literal = Uint32Array.from(first.photoIds);
    this.#shown = takeInRanking(this.#shown, literalFirst(literal, older), this.#held);
    this.#words = first;
    this.ranking ??= first;
    this.answered = this.query;
    this.phase = 'literal';
  }

  #settle(found: Ranking): void {
    this.#shown = takeInRanking(this.#shown, Uint32Array.from(found.photoIds), this.#held);
    this.ranking = found;
    this.answered = this.query;
    this.phase = 'done';
    this.problem = null;
  }

  #listInOrder(): PhotoList | null {
    if (!this.active || (!this.ranking && this.phase !== 'failed')) return null;
    if (this.#shown.length === 0) return emptyList;
    if (this.order === 'relevance') return { ids: this.#shown, grouped: false };
    const likely = this.phase === 'literal' ? this.#shown.length : this.likely;
    return { ids: byDate(this.#shown.subarray(0, likely), this.#positionOf), grouped: true };
  }
}

/** Cut between two characters, never inside one of two UTF-16 units. */
function sentenceOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length <= maxQueryLength) return trimmed;
  const isPair = (trimmed.charCodeAt(maxQueryLength - 1) & 0xfc00) === 0xd800;
  return trimmed.slice(0, isPair ? maxQueryLength - 1 : maxQueryLength).trim();
}
