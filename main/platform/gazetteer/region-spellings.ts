// How people write the name of a region whose official one says what kind of region it is. Any process; pure.
import { foldedName } from './folded-name.ts';

const kinds =
  /\b(state|region|regione|department|departamento|province|provincia|oblast|krai|republic|prefecture|governorate|county|district|municipality|voivodeship|parish|canton|of|the|do|de)\b/gu;

/** Regions by names that are not the gazetteer's. */
const further: Readonly<Record<string, readonly string[]>> = {
  'provence alpes cote dazur': ['provence', 'cote dazur', 'french riviera'],
  'auvergne rhone alpes': ['auvergne'],
  'baden wurttemberg': ['baden wuerttemberg'],
  'rheinland pfalz': ['rhineland palatinate'],
  'castille and leon': ['castile and leon', 'castilla y leon'],
  'balearic islands': ['balearics'],
  'canary islands': ['canaries'],
  andalusia: ['andalucia'],
  bavaria: ['bayern'],
  tuscany: ['toscana'],
  sicily: ['sicilia'],
  sardinia: ['sardegna'],
  brittany: ['bretagne'],
  normandy: ['normandie'],
};

/** Folded: the name itself first. */
export function regionSpellings(name: string): readonly string[] {
  const folded = foldedName(name);
  const bare = folded.replace(kinds, ' ').replace(/\s+/gu, ' ').trim();
  return [...new Set([folded, ...(bare.length > 2 ? [bare] : []), ...(further[folded] ?? [])])];
}
