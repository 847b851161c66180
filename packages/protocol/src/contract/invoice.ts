import type { Infer } from '../notation/index.ts';
import { date, oneOf, optional, positiveInteger, Schema, string } from '../notation/index.ts';
import { CurrencyCodeContentType } from './currency-code.ts';
import { EXTERNAL_SCHEMA_NAMESPACE } from './namespaces.ts';

/** An invoice in an official matter (FACTS h). */
export const invoiceSchema = new Schema({
  namespace: `${EXTERNAL_SCHEMA_NAMESPACE}/Invoice/v1`,
  fileName: 'Invoice',
  prefix: 'inv',
});

/** `Amount` is in hundredths (SEK 124,50 is 12450); `AccountMethod` is Bankgiro or Postgiro. */
export const Invoice = invoiceSchema.message('Invoice', {
  DueDate: date(),
  Amount: invoiceSchema.text(positiveInteger(), { CurrencyCode: optional(CurrencyCodeContentType) }),
  AccountMethod: oneOf(['BG', 'PG'], 'normalizedString'),
  AccountNumber: string(),
  OcrNumber: optional(string()),
});

export type Invoice = Infer<typeof Invoice>;
