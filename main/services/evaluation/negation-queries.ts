// Makes "A without B" questions out of a captioned set by rule, with the photos that are right. Pure; runs where evaluation runs.
import { hashText } from './seeded-random.ts';

export interface NegationQuery {
  /** What the photo is to show. */
  readonly text: string;
  /** What it is not to show. */
  readonly without: string;
  /** Files that show the one and not the other, by the people's captions. */
  readonly right: ReadonlySet<string>;
  /** Files that show what is left out. */
  readonly others: ReadonlySet<string>;
}

/** Photos of A, at least: fewer would ask for ten out of a handful. */
const leastPhotos = 40;
/** B is common among A's photos from here on. */
const leastShare = 0.25;
/** Right photos, at least: precision at 10 can reach 1. */
const leastRight = 20;
/** Of one A, so that no word asks half of all questions. */
const mostOfOne = 12;

/**
 * A is a word of captions or two that follow each other, B a word (plurals are their singulars; function words, common verbs and sizes are left out). B is one that at least a quarter of
 * A's photos name in some caption; right is a photo of A in which no caption names B. The `wanted` questions are those of the lowest hash: the same on
 * every machine.
 */
export function makeNegationQueries(captions: ReadonlyMap<string, readonly string[]>, wanted: number): NegationQuery[] {
  const { often, named } = wordsOf(captions);
  const all: NegationQuery[] = [];
  for (const [text, photos] of often) {
    if (photos.size < leastPhotos) continue;
    const common = [...named].filter(
      ([word, others]) => !names(text, word) && intersection(photos, others) >= leastShare * photos.size,
    );
    const made = common
      .map(([without, others]): NegationQuery => {
        return { text, without, right: new Set([...photos].filter((photo) => !others.has(photo))), others };
      })
      .filter(({ right }) => right.size >= leastRight);
    all.push(...byHash(made).slice(0, mostOfOne));
  }
  return byHash(all).slice(0, wanted);
}

function byHash(queries: readonly NegationQuery[]): NegationQuery[] {
  const key = ({ text, without }: NegationQuery): number => hashText(`${text} without ${without}`);
  return [...queries].sort((a, b) => key(a) - key(b));
}

/** Photos of each subject (a word, or two that follow each other) that any caption names, and those of each word that any caption names. */
function wordsOf(captions: ReadonlyMap<string, readonly string[]>) {
  const often = new Map<string, Set<string>>();
  const named = new Map<string, Set<string>>();
  for (const [photo, texts] of captions) {
    const subjects = new Set<string>();
    for (const words of texts.map(contentWords)) {
      for (const word of words) addTo(named, word, photo);
      if (words.some((word) => persons.has(word))) addTo(named, people, photo);
      const pairs = words.slice(1).map((word, i) => `${words[i]} ${word}`);
      for (const subject of [...words, ...pairs]) subjects.add(subject);
    }
    for (const subject of subjects) addTo(often, subject, photo);
  }
  return { often, named };
}

/** Whether the subject holds the word itself, or a person where people are left out. */
function names(text: string, word: string): boolean {
  return text.split(' ').some((part) => part === word || (word === people && persons.has(part)));
}

function addTo(photos: Map<string, Set<string>>, word: string, photo: string): void {
  const known = photos.get(word);
  if (known) known.add(photo);
  else photos.set(word, new Set([photo]));
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0;
  for (const photo of a) if (b.has(photo)) both++;
  return both;
}

/** The words of a caption that say something, in its order, in their singular as far as the ending tells. */
function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z]{3,}/g) ?? [];
  return words
    .map((word) => irregular[word] ?? singular(word))
    .filter((word) => !functionWords.has(word) && !word.endsWith('ing'));
}

function singular(word: string): string {
  if (/(ss|us|is)$/.test(word) || word.length < 4) return word;
  if (/(ches|shes|sses|xes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Everyone together: what captions name as a man, a girl or a player is left out as "people". */
const people = 'people';
const persons: ReadonlySet<string> = new Set(
  (
    'person man woman boy girl child kid baby toddler guy lady male female adult teenager couple crowd group player team ' +
    'skateboarder snowboarder skier surfer climber biker bicyclist cyclist rider runner hiker athlete worker'
  ).split(' '),
);

const irregular: Readonly<Record<string, string>> = {
  men: 'man',
  women: 'woman',
  children: 'child',
  people: 'person',
};

const functionWords: ReadonlySet<string> = new Set(
  (
    'the and with for from that this his her its their him she they are was has have had being while who which another other some ' +
    'into onto out off over under through along around near next behind front across down top one two three four five several ' +
    'few many both each others there what where very about above against among after before between beside by ' +
    // What is done, and how large or old it is: "without sit" is no question that anyone asks.
    'sit stand run jump walk hold look play ride wear sits large small big little young old'
  ).split(' '),
);
