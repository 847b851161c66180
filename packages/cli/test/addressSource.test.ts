import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLog, systemClock } from '@brevduva/base';
import { startSampleAddressSource } from '../src/dev/addressSource.ts';
import { createSampleRecipients, type SampleRecipient } from '../src/dev/sample/recipients.ts';
import { createSampleRegisters } from '../src/dev/sample/registers.ts';

const recipients = createSampleRecipients();
const registers = createSampleRegisters(recipients);
let source: Awaited<ReturnType<typeof startSampleAddressSource>>;
before(async () => {
  source = await startSampleAddressSource({
    host: '127.0.0.1',
    port: 0,
    token: 'hemlig',
    recipients,
    persons: registers.persons,
    clock: systemClock,
    log: createLog({ service: 'test', level: 'silent' }),
  });
});
after(() => source.close());

async function ask(persons: unknown, token = 'hemlig') {
  const response = await fetch(source.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ persons }),
  });
  return {
    status: response.status,
    body: (await response.json()) as { persons: Record<string, { status: string; address?: { lines: string[] } }> },
  };
}

const required = (found: SampleRecipient | undefined): SampleRecipient =>
  found ?? assert.fail('the sample has no such person');

test('a person’s address is given, and that of the dead and the protected is not', async () => {
  const { deceased, protectedIdentity } = registers.featuredPersons;
  const plain = required(
    recipients.find(({ id, kind, address }) => {
      const entry = registers.persons.find(({ personId }) => personId === id);
      return (
        kind === 'person' &&
        address !== undefined &&
        entry?.deceasedOn === undefined &&
        entry?.hasProtectedIdentity !== true
      );
    }),
  );
  const { body } = await ask([plain.id, deceased.id, protectedIdentity.id, '191212121212']);
  assert.equal(body.persons[plain.id]?.status, 'found');
  assert.deepEqual(body.persons[plain.id]?.address?.lines, [plain.address?.street]);
  assert.deepEqual(body.persons[deceased.id], { status: 'deceased' });
  assert.deepEqual(body.persons[protectedIdentity.id], { status: 'protected' });
  assert.deepEqual(body.persons['191212121212'], { status: 'unknown' });
});

test('nobody is told who has not the token, and no question is taken that is none', async () => {
  assert.equal((await ask([], 'fel')).status, 401);
  assert.equal((await ask('alla')).status, 400);
  assert.equal((await ask(['x'])).status, 400);
});
