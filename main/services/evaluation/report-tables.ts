// The figures of the HTML report: retrieval, captions and times, each beside the seed paper's. Pure; runs where evaluation runs.
import type {
  CaptionScores,
  EvaluationResult,
  RetrievalMode,
  RetrievalSummary,
} from '../../../preload/contract/evaluation.ts';
import { type HtmlPart, html, type Markup } from './html-text.ts';
import { formatDecimal, formatMilliseconds, formatRank, formatScore } from './report-format.ts';
import type { EvaluationReport } from './report-types.ts';
import { paperCaptions, paperRetrieval } from './seed-paper.ts';

const modeRows: readonly { mode: RetrievalMode; name: string; how: string }[] = [
  { mode: 'embedding', name: 'Embedding space (ESR)', how: 'picture and sentence as points in one space' },
  { mode: 'caption', name: 'Captions (CBR)', how: 'sentence against stored captions, by meaning' },
  { mode: 'words', name: 'Words', how: 'BM25 over captions, names and keywords' },
  { mode: 'fused', name: 'Fused', how: 'weighted sum of the three; what a search uses' },
];

/** Table 1: hit rates, median rank and MRR of the four modes, then the paper's two systems. */
export function retrievalTable(retrieval: EvaluationResult['retrieval']): Markup {
  return html`<div class="scroll"><table class="figures">
<thead><tr><th scope="col">Way of searching</th><th scope="col">P@1</th><th scope="col">P@5</th><th scope="col">P@10</th><th scope="col">Median rank</th><th scope="col">MRR</th></tr></thead>
<tbody>${modeRows.map(({ mode, name, how }) => modeRow(name, how, retrieval[mode], mode === 'fused'))}</tbody>
<tbody class="paper"><tr class="group"><th colspan="6" scope="rowgroup">Seed paper, another pool of photos</th></tr>
${paperRetrieval.map(
  ({ name, p1, p5, p10 }) =>
    html`<tr><th scope="row">${name}</th>${[p1, p5, p10].map((value) => html`<td>${formatDecimal(value)}</td>`)}<td>–</td><td>–</td></tr>`,
)}</tbody>
</table></div>`;
}

function modeRow(name: string, how: string, summary: RetrievalSummary, isBest: boolean): Markup {
  const { ci95 } = summary;
  const [rankLow, rankHigh] = ci95.medianRank;
  return html`<tr${isBest ? html` class="chosen"` : null}><th scope="row">${name}<small>${how}</small></th>
${percentCell(summary.p1, ci95.p1)}${percentCell(summary.p5, ci95.p5)}${percentCell(summary.p10, ci95.p10)}
<td>${formatRank(summary.medianRank)}${range(formatRank(rankLow), formatRank(rankHigh))}</td>
<td>${formatScore(summary.mrr)}${range(formatScore(ci95.mrr[0]), formatScore(ci95.mrr[1]))}</td></tr>`;
}

function percentCell(value: number, [low, high]: readonly [number, number]): Markup {
  return html`<td>${formatDecimal(value)}${range(formatDecimal(low), formatDecimal(high))}
<span class="bar" aria-hidden="true" style="--value:${value};--low:${low};--high:${high}"></span></td>`;
}

function range(low: string, high: string): Markup {
  return html`<small>${low} – ${high}</small>`;
}

/** Table 2: the scores of the generated captions, then the paper's. */
export function captionTable(scores: CaptionScores): Markup {
  const cell = (value: number | null): HtmlPart => html`<td>${value === null ? '–' : formatScore(value)}</td>`;
  const ours = [scores.bleu1, scores.bleu2, scores.bleu3, scores.bleu4, null, scores.rougeL, scores.ciderD];
  const heads = ['BLEU-1', 'BLEU-2', 'BLEU-3', 'BLEU-4', 'METEOR', 'ROUGE-L', 'CIDEr-D', 'Distinct'];
  return html`<div class="scroll"><table class="figures">
<thead><tr><th scope="col">Captioner</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody><tr class="chosen"><th scope="row">This pack</th>${ours.map(cell)}<td>${formatDecimal(scores.distinctShare * 100)} %</td></tr></tbody>
<tbody class="paper"><tr class="group"><th colspan="9" scope="rowgroup">Printed in the seed paper, other photos and more references</th></tr>
${paperCaptions.map(
  ({ name, bleu1, meteor, rougeL, ciderD }) =>
    html`<tr><th scope="row">${name}</th>${[bleu1, null, null, null, meteor, rougeL, ciderD].map(cell)}<td>–</td></tr>`,
)}</tbody>
</table></div>`;
}

/** Query times by stage and as a whole, then what indexing cost. */
export function timeTables({ result, queryStages }: EvaluationReport): Markup {
  const longest = Math.max(result.queryMs.p95, ...queryStages.map(({ times }) => times.p95), Number.EPSILON);
  const row = (name: string, p50: number, p95: number, isWhole: boolean) =>
    html`<tr${isWhole ? html` class="chosen"` : null}><th scope="row">${name}</th><td>${formatMilliseconds(p50)}</td><td>${formatMilliseconds(p95)}
<span class="bar time" aria-hidden="true" style="--value:${share(p50, longest)};--low:${share(p50, longest)};--high:${share(p95, longest)}"></span></td></tr>`;
  const [esr, cbr] = paperRetrieval;
  return html`<div class="pair"><div class="scroll"><table class="figures">
<thead><tr><th scope="col">A query</th><th scope="col">Half within</th><th scope="col">95 % within</th></tr></thead>
<tbody>${queryStages.map(({ stage, times }) => row(stage, times.p50, times.p95, false))}${row('Whole query', result.queryMs.p50, result.queryMs.p95, true)}</tbody>
<tbody class="paper"><tr><th scope="row">Seed paper, ESR / CBR</th><td colspan="2">${formatDecimal(esr.secondsPerQuery)} s / ${formatDecimal(cbr.secondsPerQuery)} s a query</td></tr></tbody>
</table></div>
<div class="scroll"><table class="figures">
<thead><tr><th scope="col">Indexing</th><th scope="col">Measured</th></tr></thead>
<tbody><tr><th scope="row">Photos a second</th><td>${formatDecimal(result.indexing.photosPerSecond)}</td></tr>
<tr><th scope="row">Processor time a photo</th><td>${formatMilliseconds(result.indexing.cpuMsPerPhoto)}</td></tr></tbody>
</table></div></div>`;
}

function share(value: number, longest: number): number {
  return Math.round((value / longest) * 1000) / 10;
}
