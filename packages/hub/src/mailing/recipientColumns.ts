import type { RowCells } from '../waysIn/files/rowCells.ts';

/** Which column of an address file holds what; undefined where none does. */
export interface RecipientColumns {
  readonly recipient: string;
  readonly reference: string | undefined;
  readonly name: string | undefined;
  readonly careOf: string | undefined;
  readonly street: string | undefined;
  readonly postalCode: string | undefined;
  readonly city: string | undefined;
  readonly country: string | undefined;
  readonly phone: string | undefined;
  readonly email: string | undefined;
}

/** A row of an address file, as a mailing takes it. */
export interface AddressFileRecipient {
  readonly recipient: string;
  readonly reference?: string;
  readonly address?: {
    readonly name: string;
    readonly careOf: string | undefined;
    readonly street: string;
    readonly postalCode: string;
    readonly city: string;
    readonly country: string | undefined;
  };
  readonly contact?: { readonly phone: string | undefined; readonly email: string | undefined };
  /** Every column but the recipient's number, for the text's placeholders. */
  readonly values?: Readonly<Record<string, string>>;
}

export const RECIPIENT_COLUMN_KEYS = [
  'recipient',
  'reference',
  'name',
  'careOf',
  'street',
  'postalCode',
  'city',
  'country',
  'phone',
  'email',
] as const;
type ColumnKey = (typeof RECIPIENT_COLUMN_KEYS)[number];

/** What systems call their columns; compared in lower case without anything but letters. */
const KNOWN_NAMES: Readonly<Record<ColumnKey, readonly string[]>> = {
  recipient: [
    'personnummer',
    'persnr',
    'pnr',
    'personnr',
    'samordningsnummer',
    'organisationsnummer',
    'orgnr',
    'orgnummer',
    'mottagare',
    'recipient',
    'id',
  ],
  reference: ['referens', 'reference', 'diarienummer', 'dnr', 'ärendenummer', 'kundnummer', 'kundnr'],
  name: ['namn', 'name', 'mottagarnamn', 'fullständigtnamn'],
  careOf: ['co', 'careof', 'coadress'],
  street: ['adress', 'gatuadress', 'gata', 'utdelningsadress', 'street', 'postadress'],
  postalCode: ['postnummer', 'postnr', 'postalcode', 'zip'],
  city: ['postort', 'ort', 'stad', 'city'],
  country: ['land', 'country'],
  phone: ['mobil', 'mobilnummer', 'mobiltelefon', 'telefon', 'telefonnummer', 'phone', 'mobile'],
  email: ['epost', 'epostadress', 'mejl', 'mejladress', 'mail', 'mailadress', 'email', 'emailaddress'],
};

/** Finds the columns by their names; `chosen` says which where the names do not. */
export function recipientColumns(
  columns: readonly string[],
  chosen: { recipient: string | undefined; reference: string | undefined },
): RecipientColumns | { readonly missing: string } {
  const find = (key: ColumnKey) => columns.find((column) => KNOWN_NAMES[key].includes(plain(column)));
  const named = (name: string) => columns.find((column) => plain(column) === plain(name));
  const recipient = chosen.recipient === undefined ? find('recipient') : named(chosen.recipient);
  if (recipient === undefined) return { missing: chosen.recipient ?? 'personnummer' };
  const reference = chosen.reference === undefined ? find('reference') : named(chosen.reference);
  if (chosen.reference !== undefined && reference === undefined) return { missing: chosen.reference };
  const own = { recipient, reference };
  return {
    ...own,
    name: find('name'),
    careOf: find('careOf'),
    street: find('street'),
    postalCode: find('postalCode'),
    city: find('city'),
    country: find('country'),
    phone: find('phone'),
    email: find('email'),
  };
}

/** A row, of a table with the `named` columns, as a recipient. A row without any part of an address has none; one with some is judged by the hub. */
export function toRecipient(
  cells: Pick<RowCells, 'get'>,
  columns: RecipientColumns,
  named: readonly string[],
): AddressFileRecipient {
  const cell = (key: ColumnKey): string | undefined => {
    const column = columns[key];
    const text = column === undefined ? '' : (cells.get(column) ?? '');
    return text === '' ? undefined : text;
  };
  const address = {
    name: cell('name') ?? '',
    careOf: cell('careOf'),
    street: cell('street') ?? '',
    postalCode: cell('postalCode') ?? '',
    city: cell('city') ?? '',
    country: cell('country'),
  };
  const reference = cell('reference');
  const contact = { phone: cell('phone'), email: cell('email') };
  // A name alone is no address: many files have it for the greeting only.
  const hasAddress = [address.street, address.postalCode, address.city].some((text) => text !== '');
  const values = named.flatMap((column) => {
    const text = cells.get(column) ?? '';
    return column === columns.recipient || column === '' || text === '' ? [] : [[column, text]];
  });
  return {
    recipient: (cell('recipient') ?? '').replace(/\s/g, ''),
    ...(reference === undefined ? {} : { reference }),
    ...(hasAddress ? { address } : {}),
    ...(contact.phone === undefined && contact.email === undefined ? {} : { contact }),
    ...(values.length === 0 ? {} : { values: Object.fromEntries(values) }),
  };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}]/gu, '');
}
