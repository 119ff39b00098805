// Reads a date out of a text: a moment with the words before it, everything before or after one, or from one to another. Shell process; pure.
import {
  type Found,
  type Knowledge,
  type Recognise,
  type Sequences,
  sequenceAt,
  sequencesOf,
  typedWords,
  wordAt,
} from '../recognise.ts';
import type { Token } from '../tokens.ts';
import { dayOfIso, partsOf, type Span } from './calendar.ts';
import { decadeNames, monthNames, numberWords, seasonNames, weekdayNames } from './date-words.ts';
import { holidayBeginnings } from './holidays.ts';
import { type DateContext, dateFilter, type Impossible, type Moment, type ReadMoment } from './moment.ts';
import { recurringPeriod } from './recurring-periods.ts';
import { amountAt, daysBack, relativeDay } from './relative-days.ts';
import { dayNumber, namedDay, numericDay } from './written-days.ts';
import { yearOrDecade } from './years.ts';

/** In this order: what takes more words stands before what takes some of them. */
const readers: readonly ReadMoment[] = [numericDay, namedDay, recurringPeriod, relativeDay, yearOrDecade];
const leads: ReadonlySet<string> = new Set(['in', 'on', 'at', 'during', 'from', 'over', 'within']);
const takenWords: ReadonlySet<string> = new Set(['taken', 'shot', 'made']);
const onwardWords = sequencesOf(['on', 'onwards', 'onward']);
const joins: ReadonlySet<string> = new Set(['to', 'until', 'till', 'through', '-', '\u2013']);

export function contextOf({ today, isSouthern }: Knowledge): DateContext {
  return { today: dayOfIso(today), isSouthern };
}

/** A moment at a place, whatever stands before it, "the" passed over. */
export function momentAt(tokens: readonly Token[], at: number, context: DateContext): Moment | Impossible | null {
  const start = wordAt(tokens, at) === 'the' ? at + 1 : at;
  if (!mayBegin(wordAt(tokens, start))) return null;
  for (const read of readers) {
    const moment = read(tokens, start, context);
    if (moment) return moment;
  }
  return null;
}

/** Every word that a moment begins with: most words of a sentence need no closer look. */
const beginnings: ReadonlySet<string> = new Set([
  ...monthNames.keys(),
  ...seasonNames.keys(),
  ...weekdayNames.keys(),
  ...decadeNames.keys(),
  ...numberWords.keys(),
  ...holidayBeginnings,
  ...[
    'last',
    'this',
    'past',
    'previous',
    'today',
    'yesterday',
    'lately',
    'recently',
    'day',
    'couple',
    'few',
    'early',
    'mid',
    'late',
  ],
]);

function mayBegin(word: string): boolean {
  return /^['\d]/u.test(word) || beginnings.has(word);
}

export const datePhrase: Recognise = (tokens, at, knowledge) => {
  const context = contextOf(knowledge);
  const start = takenWords.has(wordAt(tokens, at)) ? at + 1 : at;
  return (
    bounded(tokens, start, context) ??
    ranged(tokens, start, context) ??
    led(tokens, start, context) ??
    bare(tokens, start, context)
  );
};

type Bound = 'before' | 'after' | 'since' | 'until';
const bounds: Readonly<Record<Bound, Sequences>> = {
  before: sequencesOf(['before', 'earlier than', 'older than', 'prior to']),
  after: sequencesOf(['after', 'later than', 'newer than', 'younger than']),
  since: sequencesOf(['since', 'as of']),
  until: sequencesOf(['until', 'till', 'up to', 'through']),
};

/** Everything before, after, since or until a stretch of time. */
export function boundedSpan(bound: Bound, { from, to }: Span): Span {
  if (bound === 'before') return { from: null, to: from };
  if (bound === 'after') return { from: to, to: null };
  return bound === 'since' ? { from, to: null } : { from: null, to };
}

function bounded(tokens: readonly Token[], at: number, context: DateContext): Found | null {
  for (const bound of Object.keys(bounds) as Bound[]) {
    const length = sequenceAt(tokens, at, bounds[bound]);
    if (length === 0) continue;
    const amount = length === 2 ? amountAt(tokens, at + length) : null;
    if (amount) {
      const day = daysBack(context.today, amount.count, amount.unit);
      const span = bound === 'before' ? { from: null, to: day } : { from: day, to: null };
      return found(tokens, at, amount.end, span);
    }
    const moment = momentAt(tokens, at + length, context);
    if (!moment) return null;
    if ('impossible' in moment) return left(moment);
    return found(tokens, at, moment.end, boundedSpan(bound, moment.span));
  }
  return null;
}

/** "from A to B", "between A and B", "A to B", "from A on". */
function ranged(tokens: readonly Token[], at: number, context: DateContext): Found | null {
  const opening = wordAt(tokens, at);
  const isOpened = opening === 'from' || opening === 'between';
  const firstAt = isOpened ? at + 1 : at;
  const first = momentAt(tokens, firstAt, context);
  const firstEnd = first?.end ?? (isOpened && dayNumber(wordAt(tokens, firstAt)) !== null ? firstAt + 1 : 0);
  if (firstEnd === 0) return null;
  if (opening === 'from' && first && !('impossible' in first)) {
    const onwards = sequenceAt(tokens, firstEnd, onwardWords);
    if (onwards > 0) return found(tokens, at, firstEnd + onwards, boundedSpan('since', first.span));
  }
  const join = wordAt(tokens, firstEnd);
  if (!(joins.has(join) || (opening === 'between' && join === 'and'))) return null;
  const last = momentAt(tokens, firstEnd + 1, context);
  if (!last) return null;
  if (first && 'impossible' in first) return left(first);
  if ('impossible' in last) return left(last);
  const isSure = isOpened || (first?.isClear ?? false) || last.recurring === undefined;
  return isSure ? joined(tokens, at, first, firstAt, last, context) : null;
}

/** What one end leaves out it has from the other: "June to August 2019", "from 3 to 9 May". */
function joined(
  tokens: readonly Token[],
  at: number,
  first: Moment | null,
  firstAt: number,
  last: Moment,
  context: DateContext,
): Found | null {
  if (!first) {
    const day = dayNumber(wordAt(tokens, firstAt));
    if (day === null || last.span.to === null) return null;
    const { year, month } = partsOf(last.span.to - 1);
    const begin = dayOfIso(`${year}-${month}-${day}`);
    return begin < last.span.to ? found(tokens, at, last.end, { from: begin, to: last.span.to }) : null;
  }
  const [from, to] = [first.recurring?.yearly, last.recurring?.yearly];
  if (from && to) {
    const filter = { kind: 'yearly', not: false, from: from.from, to: to.to } as const;
    return { end: last.end, filter, label: typedWords(tokens, at, last.end) };
  }
  const begin = first.recurring ? beforeEnd(first, last.span, context) : first.span;
  const end = last.recurring ? afterBegin(last, begin) : last.span;
  const isTurned = begin.from !== null && end.from !== null && begin.from > end.from;
  const [early, late] = isTurned ? [end, begin] : [begin, end];
  return found(tokens, at, last.end, { from: early.from, to: late.to });
}

function beforeEnd({ recurring, span }: Moment, end: Span, { today }: DateContext): Span {
  if (!recurring) return span;
  const { year } = partsOf((end.to ?? today) - 1);
  const same = recurring.of(year);
  return (same.from ?? 0) < (end.to ?? 0) ? same : recurring.of(year - 1);
}

function afterBegin({ recurring, span }: Moment, begin: Span): Span {
  if (!recurring || begin.from === null) return span;
  const { year } = partsOf(begin.from);
  const same = recurring.of(year);
  return (same.to ?? 0) > begin.from ? same : recurring.of(year + 1);
}

function led(tokens: readonly Token[], at: number, context: DateContext): Found | null {
  if (!leads.has(wordAt(tokens, at))) return null;
  const moment = momentAt(tokens, at + 1, context);
  return moment && ('impossible' in moment ? left(moment) : whole(tokens, at + 1, moment));
}

function bare(tokens: readonly Token[], at: number, context: DateContext): Found | null {
  const start = wordAt(tokens, at) === 'of' ? at + 1 : at;
  const moment = momentAt(tokens, start, context);
  if (!moment) return null;
  if ('impossible' in moment) return left(moment);
  return moment.isClear ? whole(tokens, start, moment) : null;
}

function whole(tokens: readonly Token[], at: number, { end, filter, label }: Moment): Found {
  const start = wordAt(tokens, at) === 'the' ? at + 1 : at;
  return { end, filter, label: label ?? typedWords(tokens, start, end) };
}

function found(tokens: readonly Token[], at: number, end: number, span: Span): Found {
  return { end, filter: dateFilter(span), label: typedWords(tokens, at, end) };
}

function left({ end, impossible }: Impossible): Found {
  return { end, filter: null, note: `${impossible} It is searched as words.` };
}
