import { type Fault, newId } from '@brevduva/base';
import { invoiceMatterBytes } from '@brevduva/protocol';
import type { Contact } from '../contact.ts';
import { fault, pointerToken, readDraft } from '../intake/draft.ts';
import { validateRecipient } from '../intake/validate.ts';
import { contractInvoice, type Invoice } from '../invoice/invoice.ts';
import type { ChannelPolicy } from '../letter.ts';
import type { NoticeSettings } from '../notices/noticeSettings.ts';
import { checkNoticeWords } from '../notices/noticeText.ts';
import type { RecipientRow } from '../sql/mailingRecipients.ts';
import type { EnvelopeSize } from '../sql/mailings.ts';
import {
  fillRecipient,
  type MailingText,
  type PreparedText,
  prepareText,
  readValues,
  xmlBytes,
} from './mailingText.ts';
import type { Values } from './placeholders.ts';

/** At once; a list of a hundred thousand comes in ten bunches, each answered before the next. */
export const RECIPIENTS_AT_ONCE_MAX = 20_000;
/** For who asks about recipients only: no letter is too large. */
export const NO_ENVELOPE: EnvelopeSize = { base: 0, reference: 0, perByte: 0, sharedAttachments: 0 };
const ROW_FIELDS = ['recipient', 'reference', 'address', 'contact', 'protectedIdentity', 'invoice', 'values'];

/** What a mailing's recipients are judged by. */
export interface RecipientRules {
  readonly envelope: EnvelopeSize;
  readonly channelPolicy: ChannelPolicy;
  /** Undefined: the text asks nothing of them, or is not known yet. */
  readonly text: MailingText | undefined;
  /** Of a flow of notices: what its values may say. */
  readonly notice?: NoticeSettings | undefined;
}

export interface JudgedRecipient extends RecipientRow {
  /** Place in the bunch. */
  readonly index: number;
  /** Of its values, those that the text uses. */
  readonly values: Values | undefined;
  readonly contact: Contact | undefined;
}

/** A bunch of recipients, judged: those that are sound, with the place each had in the bunch. */
export interface JudgedRecipients {
  readonly rows: readonly JudgedRecipient[];
  /** With `recipients/<index>/…` as path. */
  readonly faults: readonly Fault[];
}

/** Judges every recipient of a bunch and names every fault of every one (scenario 17). */
export function judgeRecipients(items: readonly unknown[], rules: RecipientRules): JudgedRecipients {
  const prepared = { ...rules, text: rules.text && prepareText(rules.text) };
  const faults: Fault[] = [];
  const rows: JudgedRecipient[] = [];
  const seen = new Map<string, number>();
  items.forEach((item, index) => {
    const found: Fault[] = [];
    const row = judgeRecipient(item, prepared, found);
    const first = row && seen.get(onceKey(row));
    if (first !== undefined) {
      found.push(
        fault(
          'HUB_MAILING_DUPLICATE',
          'recipient',
          `Samma mottagare och referens som rad ${first + 1} i samma omgång.`,
        ),
      );
    } else if (row !== undefined) {
      seen.set(onceKey(row), index);
      rows.push({ ...row, index });
    }
    faults.push(...found.map((each) => ({ ...each, path: rowPath(index, each.path) })));
  });
  return { rows, faults };
}

/** Where a fault of a recipient stands in the bunch. */
export function rowPath(index: number, path: string): string {
  return path === '' ? `recipients/${index}` : `recipients/${index}/${path}`;
}

function judgeRecipient(
  item: unknown,
  { envelope, channelPolicy, text, notice }: Omit<RecipientRules, 'text'> & { readonly text: PreparedText | undefined },
  faults: Fault[],
): Omit<JudgedRecipient, 'index'> | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    faults.push(fault('HUB_FIELD_TYPE', '', 'Här ska ett JSON-objekt stå.'));
    return undefined;
  }
  for (const name of Object.keys(item).filter((each) => !ROW_FIELDS.includes(each))) {
    faults.push(fault('HUB_FIELD_UNKNOWN', name.slice(0, 100)));
  }
  const read = readDraft({ ...item, flow: '-', subject: '-', body: { text: '-' } }, []);
  const judged = validateRecipient(read.draft, channelPolicy);
  faults.push(...read.faults.filter(({ code }) => code !== 'HUB_FIELD_UNKNOWN'), ...judged.faults);
  const values = readValues('values' in item ? item.values : undefined, text, faults);
  const filled = text && fillRecipient(text, values, faults);
  if (notice !== undefined) {
    for (const [name, value] of values) {
      faults.push(...checkNoticeWords(value, `values/${pointerToken(name)}`, notice));
    }
  }
  if (faults.length > 0 || judged.recipient === undefined) return undefined;
  const { reference, protectedIdentity } = read.draft;
  return {
    id: newId(),
    recipient: judged.recipient,
    reference,
    address: judged.address,
    protectedIdentity,
    contact: judged.contact,
    invoice: judged.invoice,
    envelopeBytes: envelopeBytes(envelope, reference) + invoiceBytes(judged.invoice) + (filled?.moreBytes ?? 0),
    subject: filled?.subject,
    values: filled?.values,
  };
}

function onceKey({ recipient, reference = '' }: Pick<RecipientRow, 'recipient' | 'reference'>): string {
  return `${recipient} ${reference}`;
}

function envelopeBytes({ base, reference, perByte }: EnvelopeSize, text: string | undefined): number {
  if (text === undefined) return base;
  return base + reference + perByte * xmlBytes(text);
}

/** An invoice has a length of its own: it is written and measured, as it will stand in the envelope. */
function invoiceBytes(invoice: Invoice | undefined): number {
  return invoice === undefined ? 0 : invoiceMatterBytes(contractInvoice(invoice));
}
