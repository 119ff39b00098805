// Countries by the names that people give them, from the names that the runtime knows. Any process.
import { foldedName } from './folded-name.ts';

/** ISO 3166-1 alpha-2, and XK for Kosovo. */
const codes =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'.split(
    ' ',
  );

/** Names of common use that the runtime's lists do not hold. */
const furtherNames: Readonly<Record<string, string>> = {
  uk: 'GB',
  'great britain': 'GB',
  britain: 'GB',
  usa: 'US',
  us: 'US',
  'united states of america': 'US',
  america: 'US',
  'the states': 'US',
  holland: 'NL',
  'czech republic': 'CZ',
  turkey: 'TR',
  'ivory coast': 'CI',
  burma: 'MM',
  myanmar: 'MM',
  'hong kong': 'HK',
  macau: 'MO',
  macao: 'MO',
  uae: 'AE',
  emirates: 'AE',
  vatican: 'VA',
  bosnia: 'BA',
  herzegovina: 'BA',
  macedonia: 'MK',
  swaziland: 'SZ',
  'cabo verde': 'CV',
  korea: 'KR',
  congo: 'CD',
  palestine: 'PS',
  'east timor': 'TL',
  'saint lucia': 'LC',
};

/** Beside English, so that "in Deutschland" is understood. */
export const furtherLanguages: readonly string[] = ['de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'pl', 'ja', 'zh', 'ru'];

export interface Countries {
  /** In English; the code itself where it is none. */
  nameOf(code: string): string;
  /** @param name as `foldedName` gives it; undefined where no country has it */
  named(name: string): string | undefined;
  /** Adds the names of a language, where no country had them before. Takes some tens of milliseconds. */
  learn(language: string): void;
  /** Codes and English names. */
  readonly all: readonly { readonly code: string; readonly name: string }[];
}

/** Knows English names, and those of common use. */
export function createCountries(): Countries {
  const english = namesIn('en');
  const byName = new Map<string, string>();
  for (const [code, name] of english) note(byName, name, code);
  for (const [name, code] of Object.entries(furtherNames)) note(byName, name, code);
  return {
    nameOf: (code) => english.get(code) ?? code,
    named: (name) => byName.get(name),
    learn(language) {
      for (const [code, name] of namesIn(language)) note(byName, name, code);
    },
    all: [...english].map(([code, name]) => ({ code, name })),
  };
}

function note(byName: Map<string, string>, name: string, code: string): void {
  const folded = foldedName(name);
  if (!byName.has(folded)) byName.set(folded, code);
}

function namesIn(language: string): Map<string, string> {
  const names = new Intl.DisplayNames([language], { type: 'region', style: 'long', fallback: 'code' });
  return new Map(codes.map((code) => [code, names.of(code) ?? code]));
}
