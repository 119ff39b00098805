// The parts of the HTML report with pictures: the same query in three rankings, and the worst failures. Pure; runs where evaluation runs.
import type { RetrievalMode } from '../../../preload/contract/evaluation.ts';
import { html, type Markup } from './html-text.ts';
import { formatRank, formatScore } from './report-format.ts';
import type { ComparedMode, EvaluationReport, ReportHit, ReportPhoto, ReportQuery } from './report-types.ts';

type Photos = EvaluationReport['photos'];

const shownHits = 5;

const columns: readonly { mode: ComparedMode; name: string }[] = [
  { mode: 'embedding', name: 'Embedding space (ESR)' },
  { mode: 'caption', name: 'Captions (CBR)' },
  { mode: 'fused', name: 'Fused' },
];

const rankNames: readonly { mode: RetrievalMode; name: string }[] = [
  { mode: 'embedding', name: 'ESR' },
  { mode: 'caption', name: 'CBR' },
  { mode: 'words', name: 'Words' },
  { mode: 'fused', name: 'Fused' },
];

/** One query with the first five photos of each system beside each other. */
export function sideBySide(query: ReportQuery, photos: Photos): Markup {
  return html`<article class="query">
<header>${picture(query.photo, photos, 'small')}<div><h3>${quoted(query.text)}</h3>
<p class="muted">Looking for <bdi>${query.photo}</bdi></p></div></header>
<div class="rankings">${columns.map(({ mode, name }) => ranking(name, query, mode, photos))}</div>
</article>`;
}

function ranking(name: string, query: ReportQuery, mode: ComparedMode, photos: Photos): Markup {
  const hits = query.top[mode].slice(0, shownHits);
  const rank = query.ranks[mode];
  const isShown = hits.some(({ file }) => file === query.photo);
  return html`<section><h4>${name}<span class="rank${isShown ? ' good' : ''}">${rankLabel(rank)}</span></h4>
<ol>${hits.map((hit) => hitItem(hit, hit.file === query.photo, photos))}</ol>
${hits.length === 0 ? html`<p class="muted">Nothing found.</p>` : null}</section>`;
}

function rankLabel(rank: number | null): string {
  return rank === null ? 'right photo not found' : `right photo ${rank === 1 ? 'first' : `at ${formatRank(rank)}`}`;
}

function hitItem({ file, score }: ReportHit, isRight: boolean, photos: Photos): Markup {
  return html`<li${isRight ? html` class="right"` : null}>${picture(file, photos, 'small')}<div>
${isRight ? html`<span class="tick">✓ right photo</span>` : null}${captionText(photos.get(file))}
<p class="muted"><span>${formatScore(score)}</span> <bdi>${file}</bdi></p></div></li>`;
}

/** One query that went wrong: the photo it meant, and the photo that came first instead. */
export function failure(query: ReportQuery, photos: Photos): Markup {
  const first = query.top.fused.find(({ file }) => file !== query.photo);
  return html`<article class="failure"><h3>${quoted(query.text)}</h3>
<div class="versus"><figure class="right">${picture(query.photo, photos, 'large')}<figcaption><b>Should have come first</b>
${captionText(photos.get(query.photo))}<p class="muted"><bdi>${query.photo}</bdi></p></figcaption></figure>
${first === undefined ? html`<p class="muted">Nothing came instead.</p>` : instead(first, photos)}</div>
<dl class="ranks">${rankNames.map(
    ({ mode, name }) => html`<div><dt>${name}</dt><dd>${formatRank(query.ranks[mode])}</dd></div>`,
  )}</dl></article>`;
}

function instead({ file, score }: ReportHit, photos: Photos): Markup {
  return html`<figure class="wrong">${picture(file, photos, 'large')}<figcaption><b>Came first instead</b>
${captionText(photos.get(file))}<p class="muted"><span>${formatScore(score)}</span> <bdi>${file}</bdi></p></figcaption></figure>`;
}

function quoted(text: string): Markup {
  return html`<q><bdi>${text}</bdi></q>`;
}

function captionText(photo: ReportPhoto | undefined): Markup {
  if (photo?.caption == null) return html`<p class="caption muted">no caption</p>`;
  const mark = photo.captionSource === 'person' ? html` <span class="own">your own</span>` : null;
  return html`<p class="caption"><bdi>${photo.caption}</bdi>${mark}</p>`;
}

function picture(file: string, photos: Photos, size: 'small' | 'large'): Markup {
  const thumbnail = photos.get(file)?.thumbnail ?? null;
  if (thumbnail === null)
    return html`<span class="picture ${size} missing" role="img" aria-label="${file}">no picture</span>`;
  const data = Buffer.from(thumbnail.bytes).toString('base64');
  return html`<img class="picture ${size}" alt="${file}" loading="lazy" decoding="async" src="data:${thumbnail.type};base64,${data}">`;
}
