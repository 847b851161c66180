import { readGiroAccount } from '../../invoice/giroAccount.ts';
import type { GiroAccount } from '../../invoice/invoice.ts';
import type { ObjectReader } from '../objectReader.ts';
import type { WayInContext } from '../waysIn.ts';

/** A folder, local or over SFTP, in which the system leaves PDFs with an index. */
export interface DropFolderSettings {
  /** The flow of letters that name none themselves. */
  readonly flow: string;
  readonly completeWhen: CompleteRule;
  /** What a delivery waits for the files it names, counted from when its index was complete. */
  readonly waitMinutes: number;
  /** How long what was handed in lies in `done` and `failed`. */
  readonly keepFilesDays: number;
  /** `refuse`: a fault in one letter stops all of the delivery; `skip`: the sound ones go, and the others are told. */
  readonly onFault: 'refuse' | 'skip';
  /** For letters that bring none; the flow's own unless given. */
  readonly subject?: string;
  /** The text beside the PDF in the recipient's mailbox, for letters that bring none; a sentence of ours unless given. */
  readonly message?: string;
  /** Where invoices are paid whose rows name no account. */
  readonly account?: GiroAccount;
  readonly columns: ColumnNames;
  /** The XML element that is a letter; unless given, each child of the root. */
  readonly rowElement?: string;
}

/**
 * When a file has been written to its end. `renamed`: whoever writes uses another name (.tmp, .part) until then; `marker`: an empty
 * file beside it says so; `stable`: neither size nor time of change has moved for so many seconds.
 */
export type CompleteRule =
  | { readonly rule: 'renamed' }
  | { readonly rule: 'marker'; readonly suffix: string }
  | { readonly rule: 'stable'; readonly seconds: number };

/** What a column of the index may be: heading of a CSV or a sheet, path of elements in XML, path of fields in JSON. */
export const COLUMNS = [
  'recipient',
  'file',
  'reference',
  'subject',
  'message',
  'flow',
  'attachmentName',
  'protectedIdentity',
  'name',
  'careOf',
  'street',
  'street2',
  'postalCode',
  'city',
  'country',
  'amount',
  'currency',
  'dueDate',
  'ocr',
  'paymentMessage',
  'bankgiro',
  'plusgiro',
  'phone',
  'email',
] as const;
export type ColumnMeaning = (typeof COLUMNS)[number];

export interface ColumnNames {
  readonly names: Readonly<Record<ColumnMeaning, string>>;
  /** Those that the configuration names: they must be there. */
  readonly required: readonly ColumnMeaning[];
}

/** Where the configuration says nothing. */
const DEFAULT_NAMES: Readonly<Record<ColumnMeaning, string>> = {
  recipient: 'mottagare',
  file: 'fil',
  reference: 'referens',
  subject: 'rubrik',
  message: 'meddelande',
  flow: 'flöde',
  attachmentName: 'bilagenamn',
  protectedIdentity: 'skyddad',
  name: 'namn',
  careOf: 'co',
  street: 'adress',
  street2: 'adress2',
  postalCode: 'postnummer',
  city: 'ort',
  country: 'land',
  amount: 'belopp',
  currency: 'valuta',
  dueDate: 'förfallodag',
  ocr: 'ocr',
  paymentMessage: 'betalningsmeddelande',
  bankgiro: 'bankgiro',
  plusgiro: 'plusgiro',
  phone: 'telefon',
  email: 'epost',
};

const STABLE_SECONDS = 10;
const STABLE_SECONDS_MAX = 3_600;
const WAIT_MINUTES = 15;
const WAIT_MINUTES_MAX = 24 * 60;
/** Unless the system has another time: long enough to find out what went wrong. */
export const KEEP_FILES_DAYS = 30;
const KEEP_FILES_DAYS_MAX = 3_650;
const MARKER = '.done';
const MARKER_PATTERN = /^\.[A-Za-z0-9_-]{1,20}$/;
const MESSAGE_CHARACTERS_MAX = 1_000;

/** Reads the part `dropFolder` of a system's ways in; faults go to the reader. */
export function readDropFolder(part: ObjectReader, { flows }: WayInContext): DropFolderSettings {
  const flow = part.text('flow');
  if (flow !== '' && !flows.includes(flow)) part.fault('flow', `Systemet får inte skicka flödet ${flow}.`);
  const message = part.optionalText('message', { charsMax: MESSAGE_CHARACTERS_MAX });
  const subject = part.optionalText('subject');
  const rowElement = part.optionalText('rowElement');
  const account = readAccount(part);
  return {
    flow,
    completeWhen: readComplete(part),
    waitMinutes: part.optionalInteger('waitMinutes', { min: 0, max: WAIT_MINUTES_MAX }) ?? WAIT_MINUTES,
    keepFilesDays: part.optionalInteger('keepFilesDays', { min: 1, max: KEEP_FILES_DAYS_MAX }) ?? KEEP_FILES_DAYS,
    onFault: part.choice('onFault', ['refuse', 'skip'] as const, 'refuse'),
    columns: readColumns(part.optionalObject('columns')),
    ...(subject !== undefined && { subject }),
    ...(message !== undefined && { message }),
    ...(rowElement !== undefined && { rowElement }),
    ...(account && { account }),
  };
}

/** `bankgiro` or `plusgiro`, not both; for the parts of ways in that hand in invoices. */
export function readAccount(part: ObjectReader): GiroAccount | undefined {
  const given = (['bankgiro', 'plusgiro'] as const).flatMap((kind) => {
    const number = part.optionalText(kind);
    return number === undefined ? [] : [{ kind, number }];
  });
  const [first, second] = given;
  if (first === undefined) return undefined;
  if (second !== undefined) part.fault(second.kind, 'Ange bankgiro eller plusgiro, inte båda.');
  const read = readGiroAccount(first.kind, first.number);
  if ('account' in read) return read.account;
  part.fault(first.kind, read.text);
  return undefined;
}

/** A folder of which the configuration says nothing but its flow. */
export function plainDropFolder(flow: string): DropFolderSettings {
  return {
    flow,
    completeWhen: { rule: 'stable', seconds: STABLE_SECONDS },
    waitMinutes: WAIT_MINUTES,
    keepFilesDays: KEEP_FILES_DAYS,
    onFault: 'refuse',
    columns: { names: DEFAULT_NAMES, required: [] },
  };
}

function readComplete(part: ObjectReader): CompleteRule {
  const rule = part.choice('completeWhen', ['stable', 'renamed', 'marker'] as const, 'stable');
  const seconds = part.optionalInteger('stableSeconds', { min: 1, max: STABLE_SECONDS_MAX });
  const suffix = part.optionalText('marker', {
    pattern: MARKER_PATTERN,
    patternText: 'ska vara en filändelse med punkt, till exempel .done',
  });
  if (rule !== 'stable' && seconds !== undefined) part.fault('stableSeconds', 'Fältet gäller bara regeln stable.');
  if (rule !== 'marker' && suffix !== undefined) part.fault('marker', 'Fältet gäller bara regeln marker.');
  if (rule === 'marker') return { rule, suffix: suffix ?? MARKER };
  return rule === 'renamed' ? { rule } : { rule, seconds: seconds ?? STABLE_SECONDS };
}

function readColumns(columns: ObjectReader | undefined): ColumnNames {
  if (columns === undefined) return { names: DEFAULT_NAMES, required: [] };
  const given = COLUMNS.flatMap((meaning) => {
    const name = columns.optionalText(meaning);
    return name === undefined ? [] : [[meaning, name] as const];
  });
  columns.end();
  return { names: { ...DEFAULT_NAMES, ...Object.fromEntries(given) }, required: given.map(([meaning]) => meaning) };
}
