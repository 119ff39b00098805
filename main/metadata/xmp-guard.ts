// Refuses XML that would cost a parser more than XMP ever needs, in one pass over the text (inference child process).

/** Real packets: depth below 15, a few thousand elements, up to about 300 attributes on Lightroom's one element. */
const MAX_DEPTH = 64;
const MAX_PARTS = 20_000;
const MAX_ATTRIBUTES = 1000;
const MAX_ALL_ATTRIBUTES = 20_000;

interface Tag {
  end: number;
  attributes: number;
}

/** Finds the end of a tag, minding that quoted values may hold `>`; `null` where it never ends. */
function scanTag(xml: string, from: number): Tag | null {
  let attributes = 0;
  for (let at = from; at < xml.length; at += 1) {
    const char = xml.charCodeAt(at);
    if (char === 0x3e) return { end: at, attributes };
    if (char !== 0x22 && char !== 0x27) continue;
    attributes += 1;
    at = xml.indexOf(char === 0x22 ? '"' : "'", at + 1);
    if (at < 0) return null;
  }
  return null;
}

/** The end of a comment, CDATA section or processing instruction at `at`, or -1; `null` where none starts there. */
function skipOpaque(xml: string, at: number): number | null {
  for (const [start, end] of [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const) {
    if (xml.startsWith(start, at)) return xml.indexOf(end, at + start.length);
  }
  return null;
}

/**
 * The reason to refuse this text, or `null`. Document types are refused whole: XMP has none, and they are the only way
 * to entities, internal or external.
 */
export function refuseXml(xml: string): string | null {
  let depth = 0;
  let parts = 0;
  let allAttributes = 0;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const opaqueEnd = skipOpaque(xml, at);
    if (opaqueEnd === -1) return 'XMP breaks off';
    if (opaqueEnd !== null) {
      // Comments cost the parser as much as elements do.
      parts += 1;
      if (parts > MAX_PARTS) return 'XMP has too many parts';
      at = opaqueEnd;
      continue;
    }
    if (xml.startsWith('<!', at)) return 'XMP holds a document type, which is never followed';
    const tag = scanTag(xml, at + 1);
    if (tag === null) return 'XMP breaks off';
    if (xml.startsWith('</', at)) depth -= 1;
    else {
      parts += 1;
      allAttributes += tag.attributes;
      if (xml.charCodeAt(tag.end - 1) !== 0x2f) depth += 1;
      if (depth > MAX_DEPTH) return 'XMP is nested too deeply';
      if (parts > MAX_PARTS || tag.attributes > MAX_ATTRIBUTES || allAttributes > MAX_ALL_ATTRIBUTES)
        return 'XMP has too many parts';
    }
    at = tag.end;
  }
  return parts === 0 ? 'XMP holds no elements' : null;
}
