import type { Fault } from '@brevduva/base';
import { hasCheckDigit, isCalendarDate } from '@brevduva/protocol';
import { characterFault } from '../intake/characters.ts';
import { fault } from '../intake/draft.ts';
import { parseAmount } from './amount.ts';
import { readGiroAccount } from './giroAccount.ts';
import {
  type GiroAccount,
  INVOICE_CURRENCIES,
  type Invoice,
  type InvoiceCurrency,
  type PaymentReference,
} from './invoice.ts';

/** What a business system says is to be paid; shape known, nothing judged. */
export interface InvoiceDraft {
  readonly dueDate: string;
  /** Decimal with a point. */
  readonly amount: string;
  readonly currency: string;
  readonly bankgiro: string | undefined;
  readonly plusgiro: string | undefined;
  readonly ocr: string | undefined;
  readonly message: string | undefined;
}

/** An OCR number's check digit is its last; its length may stand in the digit before that, and is part of what is checked. */
const OCR = /^\d{2,25}$/;
export const PAYMENT_MESSAGE_CHARS_MAX = 35;

/** Judges what is to be paid, field by field; faults have paths beginning with `invoice`. */
export function checkInvoice(draft: InvoiceDraft): { invoice?: Invoice; faults: Fault[] } {
  const faults: Fault[] = [];
  const amountHundredths = checkAmount(draft.amount, faults);
  const dueDate = checkDueDate(draft.dueDate, faults);
  const currency = checkCurrency(draft.currency, faults);
  const account = checkAccount(draft, faults);
  const reference = checkReference(draft, faults);
  if (faults.length > 0 || account === undefined || currency === undefined) return { faults };
  return { invoice: { dueDate, amountHundredths, currency, account, ...(reference && { reference }) }, faults };
}

function checkAmount(text: string, faults: Fault[]): number {
  const amount = parseAmount(text);
  if (amount === undefined && text !== '') faults.push(fault('HUB_INVOICE_AMOUNT', 'invoice/amount'));
  return amount ?? 0;
}

/** A day that has passed is no fault: reminders are sent. */
function checkDueDate(text: string, faults: Fault[]): string {
  if (text !== '' && !isDay(text)) faults.push(fault('HUB_INVOICE_DUE_DATE', 'invoice/dueDate'));
  return text;
}

/** Whether a text is a calendar day as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const [, year, month, day] = /^(2\d{3})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  return isCalendarDate({ year, month, day });
}

function checkCurrency(text: string, faults: Fault[]): InvoiceCurrency | undefined {
  const currency = INVOICE_CURRENCIES.find((each) => each === text);
  if (currency === undefined) faults.push(fault('HUB_INVOICE_CURRENCY', 'invoice/currency'));
  return currency;
}

function checkAccount({ bankgiro, plusgiro }: InvoiceDraft, faults: Fault[]): GiroAccount | undefined {
  const given = bankgiro ?? plusgiro;
  if (given === undefined || (bankgiro !== undefined && plusgiro !== undefined)) {
    faults.push(fault('HUB_INVOICE_ACCOUNT', 'invoice', 'Ange ett konto: antingen bankgiro eller plusgiro.'));
    return undefined;
  }
  const kind = bankgiro === undefined ? 'plusgiro' : 'bankgiro';
  const read = readGiroAccount(kind, given);
  if ('account' in read) return read.account;
  faults.push(fault('HUB_INVOICE_ACCOUNT', `invoice/${kind}`, read.text));
  return undefined;
}

function checkReference({ ocr, message }: InvoiceDraft, faults: Fault[]): PaymentReference | undefined {
  if (ocr !== undefined && message !== undefined) {
    faults.push(fault('HUB_INVOICE_OCR', 'invoice', 'Ange OCR-nummer eller meddelande, inte båda.'));
    return undefined;
  }
  if (ocr !== undefined) {
    const digits = ocr.replace(/[ \u00a0]/g, '');
    if (OCR.test(digits) && hasCheckDigit(digits)) return { kind: 'ocr', text: digits };
    const text = OCR.test(digits) ? 'OCR-numret har fel kontrollsiffra.' : undefined;
    faults.push(fault('HUB_INVOICE_OCR', 'invoice/ocr', text));
    return undefined;
  }
  return message === undefined ? undefined : checkMessage(message, faults);
}

function checkMessage(message: string, faults: Fault[]): PaymentReference | undefined {
  const unfit = characterFault(message, 'line');
  const isTooLong = [...message].length > PAYMENT_MESSAGE_CHARS_MAX;
  if (unfit === undefined && !isTooLong && message.trim() !== '') return { kind: 'message', text: message.trim() };
  const text = unfit ?? `Meddelandet ska ha 1–${PAYMENT_MESSAGE_CHARS_MAX} tecken.`;
  faults.push(fault(unfit === undefined ? 'HUB_FIELD_TOO_LONG' : 'HUB_FIELD_CHARACTER', 'invoice/message', text));
  return undefined;
}
