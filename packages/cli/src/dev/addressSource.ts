import { appError, BASE_ERRORS, type Clock, createWebServer, type Log, listen, registerGuard } from '@brevduva/base';
import { isEqual } from './isEqual.ts';
import type { SampleRecipient } from './sample/recipients.ts';
import type { SampleRegisters } from './sample/registers.ts';

/**
 * What stands in place of Navet and SPAR: the addresses of the sample's persons, by the small interface that the hub asks
 * (docs/operations/address-source.md). Who has died or is protected gives none, as in the real register.
 */
export async function startSampleAddressSource(options: {
  readonly host: string;
  readonly port: number;
  /** Who has it may ask. */
  readonly token: string;
  readonly recipients: readonly SampleRecipient[];
  readonly persons: SampleRegisters['persons'];
  readonly clock: Clock;
  readonly log: Log;
}): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { host, port, token, clock, log } = options;
  const answers = answersOf(options);
  const app = createWebServer({ name: 'address source', log, clock });
  registerGuard(app, 'apiKey', {
    async authenticate(request) {
      if (isEqual(request.headers.authorization ?? '', `Bearer ${token}`)) return undefined;
      throw appError(BASE_ERRORS, 'BASE_SESSION_REQUIRED');
    },
  });
  app.post<{ Body: { persons: string[] } }>(
    '/',
    { config: { access: 'apiKey' }, schema: { body: QUESTION } },
    async ({ body }) => ({
      persons: Object.fromEntries(body.persons.map((person) => [person, answers.get(person) ?? { status: 'unknown' }])),
    }),
  );
  const url = await listen(app, { host, port });
  return { url: `${url}/`, close: () => app.close() };
}

const QUESTION = {
  type: 'object',
  required: ['persons'],
  additionalProperties: false,
  properties: { persons: { type: 'array', maxItems: 1_000, items: { type: 'string', pattern: '^[0-9]{12}$' } } },
} as const;

type Answer = { readonly status: 'protected' | 'deceased' } | { readonly status: 'found'; readonly address: object };

function answersOf({
  recipients,
  persons,
}: {
  readonly recipients: readonly SampleRecipient[];
  readonly persons: SampleRegisters['persons'];
}): Map<string, Answer> {
  const answers = new Map<string, Answer>();
  for (const { id, kind, address } of recipients) {
    if (kind === 'organization' || address === undefined) continue;
    const { street, ...rest } = address;
    answers.set(id, { status: 'found', address: { ...rest, lines: [street] } });
  }
  for (const { personId, deceasedOn, hasProtectedIdentity } of persons) {
    if (deceasedOn !== undefined) answers.set(personId, { status: 'deceased' });
    if (hasProtectedIdentity === true) answers.set(personId, { status: 'protected' });
  }
  return answers;
}
