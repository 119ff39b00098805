// Parses an XMP packet into its top-level properties, by namespace and not by prefix (inference child process).
import { DOMParser, type Element, type Node, onErrorStopParsing } from '@xmldom/xmldom';
import { refuseXml } from './xmp-guard.ts';

export const NS = {
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xml: 'http://www.w3.org/XML/1998/namespace',
  dc: 'http://purl.org/dc/elements/1.1/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  exifEx: 'http://cipa.jp/exif/1.0/',
  aux: 'http://ns.adobe.com/exif/1.0/aux/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  microsoft: 'http://ns.microsoft.com/photo/1.0/',
} as const;

/** All values of a property in order; the default language first. `[]` where the property is absent or empty. */
export type XmpProperties = (namespace: string, name: string) => string[];

const NO_PROPERTIES: XmpProperties = () => [];

function childElements(node: Node): Element[] {
  const found: Element[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.nodeType === 1) found.push(child as Element);
  }
  return found;
}

function isRdf(element: Element, ...names: string[]): boolean {
  return element.namespaceURI === NS.rdf && names.includes(element.localName ?? '');
}

function itemText(element: Element): string {
  const value = childElements(element).find((child) => isRdf(child, 'value'));
  return (value ?? element).textContent ?? '';
}

/** Values of one property element: the items of a list, or its own text. */
function valuesOf(property: Element): string[] {
  const list = childElements(property).find((child) => isRdf(child, 'Bag', 'Seq', 'Alt'));
  if (!list) {
    const resource = property.getAttributeNS(NS.rdf, 'resource');
    return [resource ? resource : itemText(property)];
  }
  const items = childElements(list).filter((child) => isRdf(child, 'li'));
  const isDefault = (item: Element): boolean => item.getAttributeNS(NS.xml, 'lang') === 'x-default';
  const ordered =
    list.localName === 'Alt' ? items.toSorted((a, b) => Number(isDefault(b)) - Number(isDefault(a))) : items;
  return ordered.map(itemText);
}

function collect(root: Node): Map<string, string[]> {
  const properties = new Map<string, string[]>();
  const add = (namespace: string | null, name: string | null, values: string[]): void => {
    const key = `${namespace} ${name}`;
    const known = properties.get(key) ?? [];
    for (const value of values) if (value.trim() !== '') known.push(value);
    properties.set(key, known);
  };
  for (const description of childElements(root).filter((child) => isRdf(child, 'Description'))) {
    for (let i = 0; i < description.attributes.length; i += 1) {
      const attribute = description.attributes.item(i);
      if (attribute) add(attribute.namespaceURI, attribute.localName, [attribute.value]);
    }
    for (const property of childElements(description))
      add(property.namespaceURI, property.localName, valuesOf(property));
  }
  return properties;
}

/** The packet between its first and last tag, without byte order mark, padding and NULs. */
function trimPacket(text: string): string {
  const start = text.indexOf('<');
  return start < 0 ? '' : text.slice(start, text.lastIndexOf('>') + 1);
}

/**
 * Properties of a packet. A packet that is refused, malformed or no XMP has none, and the reason goes to `warnings`.
 * The parser expands the five XML entities and character references only.
 */
export function parseXmp(packet: string, warnings: string[]): XmpProperties {
  const xml = trimPacket(packet);
  const refusal = refuseXml(xml);
  if (refusal !== null) {
    warnings.push(refusal);
    return NO_PROPERTIES;
  }
  try {
    const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, 'application/xml');
    const root = document.getElementsByTagNameNS(NS.rdf, 'RDF').item(0);
    if (!root) return NO_PROPERTIES;
    const properties = collect(root);
    return (namespace, name) => properties.get(`${namespace} ${name}`) ?? [];
  } catch {
    warnings.push('XMP is not well-formed XML');
    return NO_PROPERTIES;
  }
}

/** UTF-8 as the standard says, UTF-16 by its byte order mark or its first `<`, and Latin-1 for old writers where it is not UTF-8. */
export function decodeXmp(bytes: Buffer): string {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0x3c00) return new TextDecoder('utf-16le').decode(bytes);
  if (mark === 0xfeff || mark === 0x003c) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
