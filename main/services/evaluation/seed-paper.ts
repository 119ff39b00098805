// The figures of the paper this project starts from, which the report shows beside its own. Constants; used where evaluation runs.

/** P@1, P@5 and P@10 in percent, and seconds a query, as the paper prints them. */
export const paperRetrieval = [
  { system: 'ESR', name: 'Embedding space (ESR)', p1: 68.3, p5: 85.7, p10: 91.2, secondsPerQuery: 2.1 },
  { system: 'CBR', name: 'Captions (CBR)', p1: 72.9, p5: 84.9, p10: 90.5, secondsPerQuery: 1.7 },
] as const;

/** Scores of the paper's captioner, and of what it names as the state of the art of its time. It prints only BLEU-1 of the four. */
export const paperCaptions = [
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: a printed score that happens to lie near ln 2.
  { name: 'Seed paper', bleu1: 0.928, meteor: 0.32, rougeL: 0.693, ciderD: 1.092 },
  { name: 'Its state of the art', bleu1: 0.953, meteor: 0.375, rougeL: 0.734, ciderD: 1.27 },
] as const;
