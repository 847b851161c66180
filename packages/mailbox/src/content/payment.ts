import type { Queryable } from '@brevduva/base';
import { invoiceOf, type VerifiedSealedDelivery } from '@brevduva/protocol';
import { firstMessage } from '../deliver/facts.ts';
import { findPayment } from '../sql/inbox.ts';
import type { ContentKeys } from './encryption.ts';

/** What a letter asks to be paid, as its sender signed it. Kept as JSON, so nothing but texts. */
export interface Payment {
  /** YYYY-MM-DD */
  dueDate: string;
  /** Digits: öre, or cents. */
  amountHundredths: string;
  currency?: string;
  method: 'bankgiro' | 'plusgiro';
  account: string;
  /** An OCR number, or words where there is none (FACTS h). */
  reference?: string;
}

/** What is longer is no number to pay to; the letter's own text says what it is. */
const TEXT_CHARS_MAX = 100;
/** xs:date may carry a time zone, and a year of five figures, which no invoice has. */
const DAY = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/;

/** The payment that a verified letter asks for; undefined where there is none, or none that could be shown in a line. */
export function paymentIn({ delivery }: Pick<VerifiedSealedDelivery, 'delivery'>): Payment | undefined {
  const invoice = invoiceOf(firstMessage(delivery).Header.OfficialMatter);
  if (invoice === undefined) return undefined;
  const { Amount: amount, AccountNumber: account, OcrNumber: reference } = invoice;
  const dueDate = DAY.exec(invoice.DueDate.trim())?.[1];
  if (dueDate === undefined) return undefined;
  const payment = {
    dueDate,
    amountHundredths: String(amount.content),
    ...(amount.CurrencyCode === undefined ? {} : { currency: amount.CurrencyCode }),
    method: invoice.AccountMethod === 'BG' ? ('bankgiro' as const) : ('plusgiro' as const),
    account: account.trim(),
    ...(reference === undefined || reference.trim() === '' ? {} : { reference: reference.trim() }),
  };
  return Object.values(payment).every((text) => text.length <= TEXT_CHARS_MAX) ? payment : undefined;
}

/** Where an encrypted payment belongs: moved to another letter, it does not open. */
export function paymentContext(letterId: string): string {
  return `${letterId}/payment`;
}

/** The payment of a letter. @throws AppError MAILBOX_CONTENT_UNREADABLE */
export async function readPayment(db: Queryable, keys: ContentKeys, letterId: string): Promise<Payment | undefined> {
  const row = await findPayment(db, letterId);
  if (row === undefined) return undefined;
  return JSON.parse(keys.decrypt(row.keyId, row.encrypted, paymentContext(letterId)).toString('utf8')) as Payment;
}
