import type { Infer } from '../notation/index.ts';
import { optional, Schema, string } from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { RecipientId } from './recipient.ts';

export const senderSchema = new Schema({ namespace: `${SCHEMA_NAMESPACE}/Sender`, fileName: 'Sender', prefix: 's' });

export const OrganizationNumber = senderSchema.simple(
  'OrganizationNumber',
  string({ length: 12, pattern: '16\\d{10}' }),
);

export const Sender = senderSchema.type('Sender', {
  Id: () => RecipientId,
  Name: string({ minLength: 2, maxLength: 256 }),
  Attention: optional(string()),
});

export type Sender = Infer<typeof Sender>;
