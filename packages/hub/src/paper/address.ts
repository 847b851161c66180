/**
 * A postal address as it will stand in the envelope window: 3–6 printed lines.
 * Fields hold tidy text (NFC, single spaces); only {@link checkPostalAddress} and {@link parseAddressLines} make one.
 */
export interface PostalAddress {
  /** Person or organisation, first printed line. */
  readonly name: string;
  /** Whom the letter is kept by, without the "c/o". */
  readonly careOf?: string;
  /** Street, box, building: what stands between name and city line. */
  readonly lines: readonly string[];
  /** Swedish: "NNN NN". Foreign: as given, or absent when it already stands in `city`. */
  readonly postalCode?: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2; absent means Sweden. */
  readonly country?: string;
}

/** What a business system hands in; anything may be missing or untidy. */
export interface AddressInput {
  readonly name?: string | undefined;
  readonly careOf?: string | undefined;
  readonly lines?: readonly string[] | undefined;
  readonly postalCode?: string | undefined;
  readonly city?: string | undefined;
  readonly country?: string | undefined;
}

/** Every cause of a refused address, in general words; the fault itself names what was found. docs/errors.md takes these. */
export const ADDRESS_FAULT_TEXTS = {
  HUB_ADDRESS_NAME_MISSING: 'Adressen saknar mottagarens namn på första raden.',
  HUB_ADDRESS_TOO_FEW_LINES: 'Adressen har för få rader.',
  HUB_ADDRESS_TOO_MANY_LINES: 'Adressen har fler rader än kuvertets fönster rymmer.',
  HUB_ADDRESS_LINE_TOO_LONG: 'En adressrad är för lång.',
  HUB_ADDRESS_POSTAL_CODE: 'Postnumret är inte ett svenskt postnummer.',
  HUB_ADDRESS_CITY: 'Adressen saknar postort.',
  HUB_ADDRESS_COUNTRY: 'Landet är inte en landskod med två bokstäver.',
  HUB_ADDRESS_CARE_OF: 'Efter ”c/o” saknas namn.',
  HUB_ADDRESS_FIRST_CHARACTER: 'En adressrad börjar med ett tecken som ingen adress börjar med.',
  HUB_ADDRESS_CHARACTER: 'En adressrad innehåller ett otillåtet tecken.',
  HUB_ADDRESS_NO_FIXED_ABODE: 'Adressen säger att mottagaren saknar adress.',
} as const;

export type AddressFaultCode = keyof typeof ADDRESS_FAULT_TEXTS;

export interface AddressFault {
  readonly code: AddressFaultCode;
  /** The field, e.g. `postalCode` or `lines/1`. */
  readonly path: string;
  /** Public Swedish text. */
  readonly text: string;
}

export type AddressResult =
  | { readonly ok: true; readonly address: PostalAddress }
  | { readonly ok: false; readonly faults: readonly AddressFault[] };

export const ADDRESS_LINES_MIN = 3;
/** Six lines of 11 points are what the window of {@link file://./printLayout.ts} takes below the return line. */
export const ADDRESS_LINES_MAX = 6;
/** A first sieve; whether the text fits the window is measured with the font when the letter is composed. */
export const ADDRESS_LINE_CHARS_MAX = 60;

const HOME_COUNTRY = 'SE';
/** Here the postal code stands after the city (UPU S42 templates). */
const CODE_AFTER_CITY: ReadonlySet<string> = new Set(['GB', 'IE', 'US', 'CA', 'AU', 'NZ', 'IN', 'ZA']);

const SWEDISH_POSTAL_CODE = /^(?:SE?-)?([1-9]\d{2}) ?(\d{2})$/i;
const SWEDISH_CITY_LINE = /^((?:SE?-)?\d{3} ?\d{2})\s+(.+)$/i;
const CARE_OF = /^(?:c\s?\/\s?o|c\.o\.|℅)(?:[\s:.]+|$)/i;
const POSSIBLE_FIRST_CHARACTER = /^[\p{L}\p{N}"'”’«(]/u;
const FORBIDDEN_CHARACTER = /[\p{Cc}\p{Cs}\p{Co}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** What the population register and its users write where a street should stand. */
const NO_FIXED_ABODE =
  /^(?:på (?:kommunen|församlingen) skriven|(?:utan|saknar|ingen) (?:(?:fast|känd|känt|stadigvarande) )?(?:adress|bostad|hemvist|bostadsadress)|okänd adress|adress (?:saknas|okänd)|bostadslös|hemlös|skyddad(?:e)? (?:adress|personuppgifter?))\b/iu;

/**
 * Judges and tidies an address from separate fields. All faults are reported at once, one per cause (scenario 4).
 */
export function checkPostalAddress(input: AddressInput): AddressResult {
  const fields = withCareOfLifted(tidyInput(input));
  const faults = [...characterFaults(fields), ...fieldFaults(fields), ...placeFaults(fields)];
  if (faults.length > 0) return { ok: false, faults };
  const address = toAddress(fields);
  const count = lineCountFaults(printedLines(address).length, address.lines.length);
  return count.length > 0 ? { ok: false, faults: count } : { ok: true, address };
}

/**
 * Reads an address written as lines (name first, city line last, or a country below it); commas separate
 * when the text is one single line. Same faults as {@link checkPostalAddress}.
 */
export function parseAddressLines(text: string): AddressResult {
  const lines = splitLines(text);
  if (lines.length < ADDRESS_LINES_MIN || lines.length > ADDRESS_LINES_MAX) {
    return { ok: false, faults: lineCountFaults(lines.length, lines.length) };
  }
  const [name = '', ...rest] = lines;
  return checkPostalAddress({ name, ...readTail(rest) });
}

/** The lines as they stand in the envelope window, top down; a foreign country in capitals below (UPU). */
export function printedLines(address: PostalAddress): string[] {
  const country = address.country ?? HOME_COUNTRY;
  return [
    address.name,
    ...(address.careOf === undefined ? [] : [`c/o ${address.careOf}`]),
    ...address.lines,
    cityLine(address, country),
    ...(country === HOME_COUNTRY ? [] : [countryName(country)?.toUpperCase() ?? country]),
  ];
}

interface Fields {
  readonly name: string;
  readonly careOf: string | undefined;
  readonly lines: readonly string[];
  readonly postalCode: string;
  readonly city: string;
  /** Empty for Sweden, undefined when the text names no country. */
  readonly country: string | undefined;
  readonly countryText: string;
}

function tidyInput(input: AddressInput): Fields {
  const careOf = tidy(input.careOf ?? '');
  const countryText = tidy(input.country ?? '');
  return {
    name: tidy(input.name ?? ''),
    careOf: careOf === '' ? undefined : careOf.replace(CARE_OF, ''),
    lines: (input.lines ?? []).map(tidy).filter((line) => line !== ''),
    postalCode: tidy(input.postalCode ?? ''),
    city: tidy(input.city ?? ''),
    country: countryText === '' ? HOME_COUNTRY : countryCode(countryText),
    countryText,
  };
}

/** Many systems have no field of its own for care-of and put it first among the lines. */
function withCareOfLifted(fields: Fields): Fields {
  const [first, ...rest] = fields.lines;
  if (fields.careOf !== undefined || first === undefined || !CARE_OF.test(first)) return fields;
  return { ...fields, careOf: first.replace(CARE_OF, ''), lines: rest };
}

function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[ \t\u00a0]+/g, ' ')
    .trim();
}

function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).map(tidy);
  const written = lines.filter((line) => line !== '');
  return written.length === 1
    ? (written[0] ?? '')
        .split(',')
        .map(tidy)
        .filter((part) => part !== '')
    : written;
}

function readTail(rest: readonly string[]): AddressInput {
  const last = rest.at(-1) ?? '';
  const swedish = SWEDISH_CITY_LINE.exec(last);
  if (swedish !== null) return { lines: rest.slice(0, -1), postalCode: swedish[1], city: swedish[2] };
  if (countryCode(last) === undefined) {
    if (!/\d/.test(last)) return { lines: rest.slice(0, -1), city: last };
    const [postalCode, ...city] = last.split(' ');
    return { lines: rest.slice(0, -1), postalCode, city: city.join(' ') };
  }
  const above = rest.at(-2) ?? '';
  const home = countryCode(last) === HOME_COUNTRY ? SWEDISH_CITY_LINE.exec(above) : null;
  if (home !== null) return { lines: rest.slice(0, -2), postalCode: home[1], city: home[2], country: last };
  return { lines: rest.slice(0, -2), city: above, country: last };
}

function characterFaults(fields: Fields): AddressFault[] {
  return namedTexts(fields).flatMap(([path, text]) => {
    if (text === '') return [];
    const forbidden = FORBIDDEN_CHARACTER.exec(text);
    if (forbidden !== null) {
      return [
        fault(
          'HUB_ADDRESS_CHARACTER',
          path,
          `Adressen innehåller ett tecken som inte kan skrivas ut (${codePoint(forbidden[0])}).`,
        ),
      ];
    }
    if (!POSSIBLE_FIRST_CHARACTER.test(text)) {
      return [fault('HUB_ADDRESS_FIRST_CHARACTER', path, `En adressrad kan inte börja med tecknet ”${[...text][0]}”.`)];
    }
    if ([...text].length > ADDRESS_LINE_CHARS_MAX) {
      return [
        fault(
          'HUB_ADDRESS_LINE_TOO_LONG',
          path,
          `En adressrad får ha högst ${ADDRESS_LINE_CHARS_MAX} tecken; den här har ${[...text].length}.`,
        ),
      ];
    }
    return [];
  });
}

function namedTexts(fields: Fields): [path: string, text: string][] {
  return [
    ['name', fields.name],
    ['careOf', fields.careOf ?? ''],
    ...fields.lines.map((line, index): [string, string] => [`lines/${index}`, line]),
    ['postalCode', fields.postalCode],
    ['city', fields.city],
  ];
}

function fieldFaults(fields: Fields): AddressFault[] {
  const faults: AddressFault[] = [];
  if (fields.name === '' || CARE_OF.test(fields.name)) {
    faults.push(fault('HUB_ADDRESS_NAME_MISSING', 'name', 'Adressen saknar mottagarens namn på första raden.'));
  }
  if (fields.careOf === '') {
    faults.push(fault('HUB_ADDRESS_CARE_OF', 'careOf', 'Efter ”c/o” måste det stå vem brevet ska lämnas hos.'));
  }
  fields.lines.forEach((line, index) => {
    if (NO_FIXED_ABODE.test(line)) {
      const text = `”${line}” är ingen adress som posten kan dela ut till. Ange var personen kan nås, till exempel en c/o-adress.`;
      faults.push(fault('HUB_ADDRESS_NO_FIXED_ABODE', `lines/${index}`, text));
    }
  });
  return faults;
}

function placeFaults(fields: Fields): AddressFault[] {
  const faults: AddressFault[] = [];
  if (fields.country === undefined) {
    faults.push(
      fault(
        'HUB_ADDRESS_COUNTRY',
        'country',
        `Landet ”${fields.countryText}” finns inte. Skriv landets namn eller dess kod med två bokstäver.`,
      ),
    );
  }
  if (fields.country === HOME_COUNTRY && !SWEDISH_POSTAL_CODE.test(fields.postalCode)) {
    faults.push(fault('HUB_ADDRESS_POSTAL_CODE', 'postalCode', postalCodeText(fields.postalCode)));
  }
  if (!/\p{L}/u.test(fields.city)) faults.push(fault('HUB_ADDRESS_CITY', 'city', 'Adressen saknar postort.'));
  return faults;
}

function postalCodeText(postalCode: string): string {
  const given = postalCode === '' ? 'Adressen saknar postnummer.' : `”${postalCode}” är inget svenskt postnummer.`;
  return `${given} Det har fem siffror, ”NNN NN”, och den första är 1–9. Till utlandet: skriv landet sist, på svenska eller engelska.`;
}

function lineCountFaults(count: number, deliveryLines: number): AddressFault[] {
  if (count < ADDRESS_LINES_MIN || deliveryLines === 0) {
    const text = 'Adressen har för få rader: den behöver minst namn, gata eller box, och postnummer med postort.';
    return [fault('HUB_ADDRESS_TOO_FEW_LINES', 'lines', text)];
  }
  if (count > ADDRESS_LINES_MAX) {
    const text = `Adressen har ${count} rader; i kuvertets fönster ryms högst ${ADDRESS_LINES_MAX}.`;
    return [fault('HUB_ADDRESS_TOO_MANY_LINES', 'lines', text)];
  }
  return [];
}

function toAddress(fields: Fields): PostalAddress {
  const foreign = fields.country !== HOME_COUNTRY && fields.country !== undefined;
  const postalCode = foreign ? fields.postalCode : fields.postalCode.replace(SWEDISH_POSTAL_CODE, '$1 $2');
  return {
    name: fields.name,
    ...(fields.careOf === undefined ? {} : { careOf: fields.careOf }),
    lines: fields.lines,
    ...(postalCode === '' ? {} : { postalCode }),
    city: fields.city,
    ...(foreign && fields.country !== undefined ? { country: fields.country } : {}),
  };
}

function cityLine(address: PostalAddress, country: string): string {
  if (address.postalCode === undefined) return address.city;
  return CODE_AFTER_CITY.has(country)
    ? `${address.city} ${address.postalCode}`
    : `${address.postalCode} ${address.city}`;
}

function countryName(code: string, language = 'en'): string | undefined {
  return new Intl.DisplayNames(language, { type: 'region', fallback: 'none' }).of(code);
}

/** Code for a two-letter code or a name in Swedish or English; undefined when there is no such country. */
function countryCode(text: string): string | undefined {
  const wanted = text.toLocaleLowerCase('sv');
  if (/^[a-z]{2}$/.test(wanted)) return regionNames('en').get(wanted) === undefined ? undefined : wanted.toUpperCase();
  for (const language of ['sv', 'en']) {
    for (const [code, name] of regionNames(language)) if (name === wanted) return code.toUpperCase();
  }
  return undefined;
}

/** Not countries, though the runtime has a name for them. */
const PSEUDO_REGIONS: ReadonlySet<string> = new Set(['eu', 'ez', 'un', 'xa', 'xb', 'zz', 'qo']);

function regionNames(language: string): Map<string, string> {
  const display = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const names = new Map<string, string>();
  for (const first of letters) {
    for (const second of letters) {
      const code = `${first}${second}`;
      const name = PSEUDO_REGIONS.has(code) ? undefined : display.of(code.toUpperCase());
      if (name !== undefined) names.set(code, name.toLocaleLowerCase('sv'));
    }
  }
  return names;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function fault(code: AddressFaultCode, path: string, text: string): AddressFault {
  return { code, path, text };
}
