import type { Infer } from '../notation/index.ts';
import { base64Binary, int, optional, Schema, string } from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';

export const commonSchema = new Schema({ namespace: `${SCHEMA_NAMESPACE}/Common`, fileName: 'Common', prefix: 'c' });

export const Paging = commonSchema.type('Paging', { PageNumber: int(), MaxRows: int() });

/** Fault detail of Authority; unlike v3, code 1 is not allowed (FACTS b.9). */
export const ExceptionInformation = commonSchema.type('ExceptionInformation', {
  ErrorCode: int({ minExclusive: 1, maxExclusive: 9999 }),
  Description: string(),
  CallId: string({ minLength: 20, maxLength: 50 }),
});

/** Documentation only: no element uses it (FACTS b.9). */
export const ErrorCodes = commonSchema.simple(
  'ErrorCodes',
  int({
    minInclusive: 0,
    maxInclusive: 9999,
    enumeration: ['4999', '5000', '5001', '5002', '5003', '5004', '5005', '6004'],
  }),
);

export const SignatureData = commonSchema.type('SignatureData', {
  Signature: base64Binary(),
  Certificate: string(),
  Nonce: optional(string()),
  EncodingOfSignedText: optional(string({ defaultValue: 'UTF-8' })),
});

export type SignatureData = Infer<typeof SignatureData>;
