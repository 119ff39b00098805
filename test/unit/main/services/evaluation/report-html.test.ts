// The HTML report: its figures, and that no caption or file name can become markup.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../../../main/services/evaluation/report-html.ts';
import type { EvaluationReport, ReportQuery } from '../../../../../main/services/evaluation/report-types.ts';
import { summariseRanks } from '../../../../../main/services/evaluation/retrieval.ts';
import { EvaluationResult } from '../../../../../preload/contract/evaluation.ts';

const found = summariseRanks([
  { photo: 'a', rank: 1 },
  { photo: 'b', rank: 3 },
]);
const missed = summariseRanks([{ photo: 'a', rank: null }]);

const result = EvaluationResult.parse({
  photos: 1234,
  queries: 6170,
  pack: 'starter',
  retrieval: { embedding: found, caption: found, words: missed, fused: found },
  captions: { bleu1: 0.6421, bleu2: 0.5, bleu3: 0.4, bleu4: 0.2468, rougeL: 0.47, ciderD: 0.6357, distinctShare: 0.78 },
  queryMs: { p50: 12.3, p95: 31.2 },
  indexing: { photosPerSecond: 4.6, cpuMsPerPhoto: 391 },
});

/** Two photos, one of them without a picture; every text that comes from outside is `text`. */
function report(text: string): EvaluationReport {
  const hits = [
    { file: `wrong ${text}`, score: 0.9 },
    { file: `right ${text}`, score: 0.8 },
  ];
  const query: ReportQuery = {
    text,
    photo: `right ${text}`,
    ranks: { embedding: 2, caption: 40, words: null, fused: 2 },
    top: { embedding: hits, caption: hits.slice(0, 1), fused: hits },
  };
  return {
    result: { ...result, pack: text },
    measuredAt: new Date(Date.UTC(2026, 0, 2, 3, 4)),
    machine: { cores: 2, cpu: text, memoryBytes: 24 * 2 ** 30, system: text },
    dataset: text,
    packNote: text,
    ownCaptions: { perPhoto: 1, share: 0.5, photos: 600 },
    queryStages: [{ stage: text, times: { p50: 1, p95: 2 } }],
    examples: [query],
    failures: [query],
    photos: new Map([
      [
        `right ${text}`,
        {
          caption: text,
          captionSource: 'person' as const,
          thumbnail: { type: 'image/png' as const, bytes: new Uint8Array([1, 2, 3]) },
        },
      ],
      [`wrong ${text}`, { caption: text, captionSource: 'model' as const, thumbnail: null }],
    ]),
    notes: [text],
  };
}

/** Tags with the names of their attributes, without values and text: what a browser would build. */
function skeleton(page: string): string[] {
  return Array.from(page.matchAll(/<[^<>"]*(?:"[^"]*"[^<>"]*)*>/g), ([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));
}

// Half surrogates included. (fast-check's own 'binary' unit takes over a second to set up.)
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

describe('renderReport', () => {
  const page = renderReport(report('plain'));

  it('shows the measured figures beside the paper’s', () => {
    for (const figure of [
      '50.0',
      '1,234 photos',
      '6,170 sentences',
      '0.247',
      '0.636',
      '78.0 %',
      '31.2 ms',
      '68.3',
      '90.5',
      '1.092',
      'not found',
    ]) {
      expect.soft(page, figure).toContain(figure);
    }
    expect(page).toContain('2 January 2026 at 03:04 UTC');
    expect(page).toContain('no yardstick');
  });

  it('puts pictures into the page and asks the network for nothing', () => {
    expect(page).toContain('src="data:image/png;base64,AQID"');
    expect(page).toContain('no picture');
    expect(page.replaceAll(/src="data:[^"]*"/g, '')).not.toMatch(/\b(?:src|href)=|url\(|@import|<script/);
    expect(page).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
  });

  it('marks the right photo where it is shown and says where it is otherwise', () => {
    expect(page.match(/✓ right photo/g)?.length).toBe(2);
    expect(page).toContain('right photo at 40');
  });

  it('leaves out sections that have nothing to show', () => {
    const bare = renderReport({
      ...report('plain'),
      examples: [],
      failures: [],
      notes: [],
      ownCaptions: null,
      packNote: null,
    });
    expect(bare).not.toMatch(/Worst failures|three rankings|<h2>Notes|Own captions/);
  });

  it('builds the same page whatever the captions and file names say', () => {
    const plain = skeleton(page);
    const hostile = fc.oneof(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onclick='x",
        '</style><b>',
        '<!--',
        '\u202e\0',
      ),
      fc.string({ unit: anyCharacter }),
      fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '`', '/', '!', '-', 'a', ' ') }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        expect(skeleton(renderReport(report(text)))).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });
});
