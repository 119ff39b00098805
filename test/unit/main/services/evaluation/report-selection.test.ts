// Which queries the report shows.
import { describe, expect, it } from 'vitest';
import { sideBySideExamples, worstFailures } from '../../../../../main/services/evaluation/report-selection.ts';
import type { QueryOutcome } from '../../../../../main/services/evaluation/report-types.ts';

const outcome = (photo: string, embedding: number, caption: number, fused: number | null): QueryOutcome => ({
  text: `text ${photo} ${embedding}`,
  photo,
  ranks: { embedding, caption, words: null, fused },
});

describe('worstFailures', () => {
  it('takes the worst of each photo, a photo that is not found before all others, and no success', () => {
    const outcomes = [
      outcome('a', 1, 1, 1),
      outcome('b', 1, 1, 9),
      outcome('b', 2, 1, 80),
      outcome('c', 1, 1, null),
      outcome('d', 1, 1, 30),
    ];
    expect(worstFailures(outcomes, 3).map(({ photo, ranks }) => [photo, ranks.fused])).toEqual([
      ['c', null],
      ['b', 80],
      ['d', 30],
    ]);
  });
});

describe('sideBySideExamples', () => {
  const outcomes = Array.from({ length: 60 }, (_, index) =>
    outcome(`p${index}`, index % 2 ? 1 : 9, index < 6 ? 1 : 9, 1),
  );

  it('takes turns between the kinds of outcome, whatever their number', () => {
    const kinds = sideBySideExamples(outcomes, 8).map(({ ranks }) => `${ranks.embedding} ${ranks.caption}`);
    expect(kinds).toEqual(['1 1', '1 9', '9 1', '9 9', '1 1', '1 9', '9 1', '9 9']);
  });

  it('does not depend on the order of the outcomes, and shows a photo once', () => {
    const shown = sideBySideExamples([...outcomes, ...outcomes], 100);
    expect(shown).toEqual(sideBySideExamples([...outcomes].reverse(), 100));
    expect(shown.length).toBe(60);
  });
});
