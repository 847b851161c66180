import type { Invoice as ContractInvoice } from '@brevduva/protocol';

/** What somebody is to pay by a letter, all of it known to be sound. Kept with the letter as JSON, so nothing but plain values. */
export interface Invoice {
  /** The calendar day it is to be paid by, YYYY-MM-DD. */
  readonly dueDate: string;
  /** Öre, or cents. Whole and below 2^53: no amount is ever a fraction. */
  readonly amountHundredths: number;
  readonly currency: InvoiceCurrency;
  readonly account: GiroAccount;
  readonly reference?: PaymentReference;
}

/** What bankgiro and plusgiro take. */
export const INVOICE_CURRENCIES = ['SEK', 'EUR'] as const;
export type InvoiceCurrency = (typeof INVOICE_CURRENCIES)[number];

export interface GiroAccount {
  readonly kind: 'bankgiro' | 'plusgiro';
  /** Digits alone. */
  readonly number: string;
}

/** What tells the payee which invoice was paid: `ocr` has a check digit, `message` is any words. */
export interface PaymentReference {
  readonly kind: 'ocr' | 'message';
  readonly text: string;
}

/** The invoice as the contract has it (FACTS h). `OcrNumber` may hold a message where there is no OCR number. */
export function contractInvoice({ dueDate, amountHundredths, currency, account, reference }: Invoice): ContractInvoice {
  return {
    DueDate: dueDate,
    Amount: { content: BigInt(amountHundredths), CurrencyCode: currency },
    AccountMethod: account.kind === 'bankgiro' ? 'BG' : 'PG',
    AccountNumber: account.number,
    ...(reference === undefined ? {} : { OcrNumber: reference.text }),
  };
}
