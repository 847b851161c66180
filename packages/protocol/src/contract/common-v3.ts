import type { Infer } from '../notation/index.ts';
import { int, Schema, string } from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';

export const commonV3Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Common/v3`,
  fileName: 'Common.v3',
  prefix: 'c3',
});

/** What every v3 operation answers when it refuses (FACTS b.9). A UUID fits CallId. */
export const ExceptionInformation = commonV3Schema.type('ExceptionInformation', {
  ErrorCode: int({ minExclusive: 0, maxExclusive: 9999 }),
  Description: string(),
  CallId: string({ minLength: 20, maxLength: 50 }),
});

export const applicationFault = commonV3Schema.element('applicationFault', ExceptionInformation);

export type ExceptionInformation = Infer<typeof ExceptionInformation>;
