// Builds HTML from templates in which every inserted text is escaped. Pure; runs where evaluation runs.

/** Finished HTML. Only `html` and `trustedMarkup` make it, so a plain string can never pass for it. */
export interface Markup {
  readonly markup: string;
}

export type HtmlPart = string | number | Markup | null | readonly HtmlPart[];

/** Template tag: strings and numbers are escaped, `Markup` goes in as it is, lists are joined, null is nothing. */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Markup {
  return { markup: literals.map((literal, index) => literal + render(parts[index] ?? null)).join('') };
}

/** For text written in this program (style sheets), never for anything read from a file. */
export function trustedMarkup(markup: string): Markup {
  return { markup };
}

function render(part: HtmlPart): string {
  if (part === null) return '';
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  if ('markup' in part) return part.markup;
  return part.map(render).join('');
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Safe as text and inside quoted attributes. Control characters, which no HTML page may hold, become the replacement character. */
export function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"'`]/g, (character) => escapes[character] ?? character)
    .replace(/[^\P{Cc}\t\n\r]/gu, '\ufffd');
}
