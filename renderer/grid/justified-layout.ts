// Lays photos out in rows of one height each that fill the width, under a header for each day. Pure; whole pixels throughout, so that nothing blurs.

export interface LayoutInput {
  /** Width divided by height, in thousandths. */
  readonly ratios: Uint16Array;
  /** A day for each photo, equal ones beside each other; null for a list without headers. */
  readonly days: Int32Array | null;
}

/** All lengths in whole CSS pixels. */
export interface LayoutOptions {
  readonly width: number;
  /** What a row's height is near to. */
  readonly rowHeight: number;
  readonly gap: number;
  /** Band above the first row of a day, with the space before it. */
  readonly headerHeight: number;
  /** Between two days in one row. */
  readonly dayGap: number;
  /** A day's share of a row is at least this wide, so that its date can be read. */
  readonly minDayWidth: number;
}

/** Rows as columns; row `i` holds the photos from `rowStarts[i]` up to `rowStarts[i + 1]`. A million photos take a few megabytes. */
export interface Layout {
  readonly input: LayoutInput;
  readonly options: LayoutOptions;
  readonly rowCount: number;
  /** `rowCount + 1` entries. */
  readonly rowStarts: Uint32Array;
  /** `rowCount + 1` entries: where the row begins, its header included; the last one is the height of all. */
  readonly rowTops: Uint32Array;
  /** Exact height of the photos; shown rounded. */
  readonly rowHeights: Float32Array;
}

/** Lays out a part of the rows at each call, so that a large library never holds the page up. */
export interface LayoutJob {
  /** Lays out up to so many rows. Returns the layout once all are. */
  advance(rows: number): Layout | null;
}

/** Beyond these a photo is cut to the tile: a panorama must not be a thread, nor a receipt a tower. */
const leastRatio = 0.5;
const greatestRatio = 4;
/** A last row is stretched to the full width while it grows by no more than this. */
const greatestStretch = 1.35;

export function layOut(input: LayoutInput, options: LayoutOptions): Layout {
  const job = startLayout(input, options);
  for (;;) {
    const layout = job.advance(Number.POSITIVE_INFINITY);
    if (layout) return layout;
  }
}

export function startLayout(input: LayoutInput, options: LayoutOptions): LayoutJob {
  const rows = new Rows(input, options);
  const count = input.ratios.length;
  let at = 0;

  return {
    advance(budget) {
      for (let made = 0; at < count && made < budget; made++) at = rows.add(at);
      return at < count ? null : rows.finish();
    },
  };
}

/** Ratio as laid out. */
export function shownRatio(input: LayoutInput, position: number): number {
  return Math.min(greatestRatio, Math.max(leastRatio, (input.ratios[position] ?? 1000) / 1000));
}

/** True where a header stands above the photo: it is the first of its day. */
export function beginsDay({ days }: LayoutInput, position: number): boolean {
  return days !== null && (position === 0 || days[position] !== days[position - 1]);
}

/** The height that rows aim at: in a narrow window a nominal row would hold one photo. */
function targetHeight({ rowHeight, width }: LayoutOptions): number {
  return Math.min(rowHeight, width / 2);
}

/** What a day must be widened by to be `minDayWidth` wide at the nominal height. */
export function dayPadding(ratioSum: number, photos: number, options: LayoutOptions): number {
  return Math.max(0, options.minDayWidth - ratioSum * targetHeight(options) - (photos - 1) * options.gap);
}

/** Photos that go beside each other: the end of the range, the sum of their ratios, and the space between them. */
interface Span {
  readonly end: number;
  readonly ratioSum: number;
  readonly space: number;
}

class Rows {
  readonly #input: LayoutInput;
  readonly #options: LayoutOptions;
  readonly #target: number;
  #count = 0;
  #starts: Uint32Array;
  #tops: Uint32Array;
  #heights: Float32Array;
  #top = 0;

  constructor(input: LayoutInput, options: LayoutOptions) {
    this.#input = input;
    this.#options = options;
    this.#target = targetHeight(options);
    const estimate = Math.ceil(input.ratios.length / 4) + 16;
    this.#starts = new Uint32Array(estimate);
    this.#tops = new Uint32Array(estimate);
    this.#heights = new Float32Array(estimate);
  }

  /** Makes the row that begins with this photo. Returns where the next one begins. */
  add(start: number): number {
    const whole = beginsDay(this.#input, start) ? this.#wholeDay(start, this.#options.width) : null;
    return whole ? this.#addShared(start, whole) : this.#addFull(start);
  }

  finish(): Layout {
    const count = this.#count;
    this.#grow();
    this.#starts[count] = this.#input.ratios.length;
    this.#tops[count] = this.#top;
    return {
      input: this.#input,
      options: this.#options,
      rowCount: count,
      rowStarts: this.#starts.slice(0, count + 1),
      rowTops: this.#tops.slice(0, count + 1),
      rowHeights: this.#heights.slice(0, count),
    };
  }

  /** The day beginning here where it fits into the width at the nominal height, else null. */
  #wholeDay(start: number, width: number): Span | null {
    const { gap } = this.#options;
    const length = this.#input.ratios.length;
    let end = start;
    let ratioSum = 0;
    do {
      ratioSum += shownRatio(this.#input, end++);
      if (ratioSum * this.#target + (end - start - 1) * gap > width) return null;
    } while (end < length && !beginsDay(this.#input, end));
    const space = (end - start - 1) * gap + dayPadding(ratioSum, end - start, this.#options);
    return ratioSum * this.#target + space > width ? null : { end, ratioSum, space };
  }

  /** Short days stand side by side, as many as fit. */
  #addShared(start: number, first: Span): number {
    const { width, dayGap } = this.#options;
    let row = first;
    while (row.end < this.#input.ratios.length) {
      const left = width - row.ratioSum * this.#target - row.space - dayGap;
      const next = left > 0 ? this.#wholeDay(row.end, left) : null;
      if (!next) break;
      row = { end: next.end, ratioSum: row.ratioSum + next.ratioSum, space: row.space + dayGap + next.space };
    }
    this.#put(start, this.#stretched(row, this.#target));
    return row.end;
  }

  /** Photos of one day until the row is full, ending where its height is nearest to the nominal one. */
  #addFull(start: number): number {
    const { width, gap } = this.#options;
    const length = this.#input.ratios.length;
    let before: Span | null = null;
    let row: Span = { end: start, ratioSum: 0, space: -gap };
    do {
      before = row.end === start ? null : row;
      row = { end: row.end + 1, ratioSum: row.ratioSum + shownRatio(this.#input, row.end), space: row.space + gap };
      if (row.ratioSum * this.#target + row.space < width) continue;
      const low = (width - row.space) / row.ratioSum;
      const high = before ? (width - before.space) / before.ratioSum : Number.POSITIVE_INFINITY;
      // Heights are compared by their quotient: half as high is as far off as twice as high.
      const chosen = before && high / this.#target < this.#target / low ? before : row;
      this.#put(start, chosen === row ? low : high);
      return chosen.end;
    } while (row.end < length && !beginsDay(this.#input, row.end));
    this.#put(start, this.#stretched(row, this.#heightAbove(start)));
    return row.end;
  }

  /** Height of a row that may stay open at its end; `open` where it does. */
  #stretched(row: Span, open: number): number {
    const full = (this.#options.width - row.space) / row.ratioSum;
    return full <= this.#target * greatestStretch ? full : Math.min(open, full);
  }

  /** What a last row takes: the height of the row of its day above it, so that the two look alike, within reason. */
  #heightAbove(start: number): number {
    const above = this.#heights[this.#count - 1];
    if (above === undefined || start === 0 || beginsDay(this.#input, start)) return this.#target;
    return Math.max(this.#target / greatestStretch, Math.min(this.#target * greatestStretch, above));
  }

  #put(start: number, height: number): void {
    this.#grow();
    this.#starts[this.#count] = start;
    this.#tops[this.#count] = this.#top;
    this.#heights[this.#count] = height;
    this.#count++;
    const header = beginsDay(this.#input, start) ? this.#options.headerHeight : 0;
    this.#top += header + Math.max(1, Math.round(height)) + this.#options.gap;
  }

  #grow(): void {
    if (this.#count + 1 < this.#starts.length) return;
    const size = this.#starts.length * 2;
    const starts = new Uint32Array(size);
    const tops = new Uint32Array(size);
    const heights = new Float32Array(size);
    starts.set(this.#starts);
    tops.set(this.#tops);
    heights.set(this.#heights);
    this.#starts = starts;
    this.#tops = tops;
    this.#heights = heights;
  }
}
