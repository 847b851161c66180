import { Schema, string } from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';

export const commonV2Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Common/v2`,
  fileName: 'Common.v2',
  prefix: 'c2',
});

export const OrganizationNumber = commonV2Schema.simple(
  'OrganizationNumber',
  string({ length: 12, pattern: '16\\d{10}' }),
);

/** As RecipientId, but the third digit of an organisation is at least 2. No v3 operation uses it (FACTS c). */
export const IdentificationNumber = commonV2Schema.simple(
  'IdentificationNumber',
  string({
    pattern:
      '(16[2-9]\\d{9})|((18|19|20)\\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])\\d{4})|((18|19|20)\\d{2}(0[1-9]|1[0-2])(\\d{2})\\d{4})',
  }),
);

export const EMailAdress = commonV2Schema.simple(
  'EMailAdress',
  string({ minLength: 5, maxLength: 256, pattern: '.+@.+\\..+' }),
);
