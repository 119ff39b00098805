// Writes the evaluation as one HTML page that needs no other file. Pure; runs where evaluation runs.
import { html, type Markup, trustedMarkup } from './html-text.ts';
import {
  countOf,
  formatCount,
  formatDecimal,
  formatMemory,
  formatMilliseconds,
  formatMoment,
  formatRank,
} from './report-format.ts';
import { failure, sideBySide } from './report-photos.ts';
import { reportStyle } from './report-style.ts';
import { captionTable, retrievalTable, timeTables } from './report-tables.ts';
import type { EvaluationReport } from './report-types.ts';

/**
 * The whole page. Captions and file names are hostile text: all of them are escaped, and the page's policy allows no script and no
 * request, so that a mistake would stay without effect.
 */
export function renderReport(report: EvaluationReport): string {
  const { result, examples, failures, photos } = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Photoseek evaluation: ${report.dataset}</title>
<style>${trustedMarkup(reportStyle)}</style>
</head>
<body><main>
${pageHeader(report)}
${headline(report)}
${retrievalSection(report)}
${captionSection(report)}
<section><h2>Time</h2>${timeTables(report)}</section>
${
  examples.length === 0
    ? null
    : html`<section><h2>The same query, three rankings</h2>
<p>Queries are picked by a hash of their text, in turn from those that both systems answer within five, only one does, and neither
does; none was picked for its looks.</p>${examples.map((query) => sideBySide(query, photos))}</section>`
}
${
  failures.length === 0
    ? null
    : html`<section><h2>Worst failures</h2>
<p>Where the fused ranking puts the right photo furthest down. Below each: where every
ranking has the right photo, of ${countOf(result.photos, 'photo')}.</p>
<div class="failures">${failures.map((query) => failure(query, photos))}</div></section>`
}
${notesSection(report.notes)}
</main></body>
</html>
`;
  return page.markup;
}

function pageHeader({ result, dataset, measuredAt, machine, packNote, ownCaptions }: EvaluationReport): Markup {
  const fact = (name: string, value: string, detail: string | null = null) =>
    html`<div><dt>${name}</dt><dd><bdi>${value}</bdi>${detail === null ? null : html`<small><bdi>${detail}</bdi></small>`}</dd></div>`;
  return html`<header class="top"><p class="kicker">Photoseek evaluation</p>
<h1>How well do sentences find photos?</h1>
<dl class="facts">${fact('Pack', result.pack, packNote)}${fact('Photos and captions', dataset)}
${fact('Pool', countOf(result.photos, 'photo'), `${formatCount(result.queries)} sentences written by people as queries`)}
${ownCaptions === null ? null : fact('Own captions', countOf(ownCaptions.photos, 'photo'), ownCaptionsDetail(ownCaptions))}
${fact('Measured', formatMoment(measuredAt))}
${fact('Machine', countOf(machine.cores, 'core'), `${machine.cpu}, ${formatMemory(machine.memoryBytes)}, ${machine.system}`)}</dl></header>`;
}

function ownCaptionsDetail({ perPhoto, share }: NonNullable<EvaluationReport['ownCaptions']>): string {
  return `${countOf(perPhoto, 'caption')} each, stored as the person’s own (asked for: ${formatDecimal(share * 100)} % of the photos)`;
}

function headline({ result }: EvaluationReport): Markup {
  const { fused } = result.retrieval;
  const tile = (value: string, meaning: string) => html`<div><b>${value}</b><span>${meaning}</span></div>`;
  return html`<div class="tiles">${tile(`${formatDecimal(fused.p1)} %`, 'of sentences find their photo first')}
${tile(`${formatDecimal(fused.p10)} %`, 'find it within the first ten')}
${tile(formatRank(fused.medianRank), 'median rank of the right photo')}
${tile(formatMilliseconds(result.queryMs.p95), 'or less for 95 % of the queries')}</div>`;
}

function retrievalSection({ result, ownCaptions }: EvaluationReport): Markup {
  const unseen =
    ownCaptions === null
      ? 'No caption written by a person was stored in the library or shown to the captioner.'
      : 'The captions stored as the person’s own are not among the queries; no other human caption was stored or shown to the captioner.';
  return html`<section><h2>Finding the photo</h2>
<p>Each query is one human caption; a hit at k means that the photo it was written for is among the first k of ${countOf(result.photos, 'photo')}.
P@k is the share of queries with a hit, in percent. ${unseen}</p>
${retrievalTable(result.retrieval)}
<p class="note"><b>Small figures</b> are 95 % bootstrap intervals: photos are resampled with all of their queries, because captions of one photo are alike.
<b>The paper’s figures are no yardstick.</b> They come from a test set of 20,000 photos with a pool for each query that is not stated, and a smaller
pool makes every P@k higher. They are here because this project rebuilds that paper’s two systems, ESR and CBR.</p></section>`;
}

function captionSection({ result }: EvaluationReport): Markup {
  return html`<section><h2>Generated captions</h2>
<p>Scored against the human captions with the usual tokeniser, on the scale of the Python package pycocoevalcap. <i>Distinct</i> is the share of
captions that differ: a captioner that says the same of every photo is a defect, whatever its score.</p>
${captionTable(result.captions)}
<p class="note">The paper’s scores look like the protocol with 40 references a photo; more references raise every score, so compare the columns
with care. METEOR is measured by that package in the training report.</p></section>`;
}

function notesSection(notes: readonly string[]): Markup | null {
  if (notes.length === 0) return null;
  return html`<section><h2>Notes</h2><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`;
}
