import type { Infer } from '../notation/index.ts';
import { many, Schema, string } from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { OrganizationNumber } from './sender.ts';

export const dispatcherSchema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Dispatcher`,
  fileName: 'Dispatcher',
  prefix: 'd',
});

/** A dispatcher and the senders it may dispatch for. */
export const Dispatcher = dispatcherSchema.type('Dispatcher', {
  Id: () => OrganizationNumber,
  Name: string({ minLength: 2, maxLength: 256 }),
  Senders: many(() => OrganizationNumber),
});

export type Dispatcher = Infer<typeof Dispatcher>;
