// The weight search on made-up libraries in which the best answer is known.
import { describe, expect, it } from 'vitest';
import { hitRates, type LabelledQuery, tuneFusion } from '../../../../../main/services/search/tuning.ts';
import { seededRandom } from '../../vectors/synthetic-vectors.ts';
import { madeSignals } from './made-signals.ts';

/** Queries over 60 photos; each signal of the right photo stands out by its strength in deviations, and half of the photos have own captions. */
function labelled(strength: { embedding: number; caption: number; own: number }, withOwn: boolean): LabelledQuery[] {
  const random = seededRandom(7);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: 150 }, (_, query) => {
    const right = query % 60;
    const photos = Array.from({ length: 60 }, (_, id) => ({
      id,
      embedding: normal() + (id === right ? strength.embedding : 0),
      caption: normal() + (id === right ? strength.caption : 0),
      ...(withOwn && id % 2 === 0 && { own: normal() + (id === right ? strength.own : 0) }),
    }));
    return { signals: madeSignals(photos, 8), photoId: right };
  });
}

describe('tuneFusion', () => {
  it('gives nothing to a signal that knows nothing, and never falls below the embedding', () => {
    const { weights, plain } = tuneFusion(
      labelled({ embedding: 2, caption: 0, own: 0 }, false),
      labelled({ embedding: 2, caption: 0, own: 0 }, true),
    );
    expect(weights.caption.weight).toBeLessThanOrEqual(0.1);
    for (const k of ['p1', 'p5', 'p10'] as const)
      expect(plain.fused[k]).toBeGreaterThanOrEqual(plain.embedding[k] - 0.3);
  });

  it('uses own captions that tell the photo', () => {
    const strength = { embedding: 2, caption: 1, own: 4 };
    const { weights, mixed } = tuneFusion(labelled(strength, false), labelled(strength, true));
    expect(weights.own.weight).toBeGreaterThan(0);
    expect(mixed.fused.p1).toBeGreaterThan(Math.max(mixed.embedding.p1, mixed.caption.p1) + 8);
  });

  it('gives the same weights for the same data', () => {
    const strength = { embedding: 1.5, caption: 1, own: 3 };
    const run = () => tuneFusion(labelled(strength, false).slice(0, 40), labelled(strength, true).slice(0, 40)).weights;
    expect(run()).toEqual(run());
  });
});

describe('hitRates', () => {
  it('counts equal scores against the right photo, and a photo without a score as not found', () => {
    const tied = {
      signals: madeSignals([
        { id: 1, embedding: 0.5 },
        { id: 2, embedding: 0.5 },
      ]),
      photoId: 2,
    };
    const absent = { signals: madeSignals([{ id: 1, embedding: 0.5 }, { id: 2 }]), photoId: 2 };
    const first = {
      signals: madeSignals([
        { id: 1, embedding: 0.4 },
        { id: 2, embedding: 0.5 },
      ]),
      photoId: 2,
    };
    expect(hitRates([tied, absent, first, first], (signals) => signals.embedding.scores)).toEqual({
      p1: 50,
      p5: 75,
      p10: 75,
    });
  });
});
