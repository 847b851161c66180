import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { daysLeft, expiryWarning } from '../src/actors/certificateExpiry.ts';
import { type ConnectionFacts, missingRequirements, nextStep, possibleEnds } from '../src/actors/connectionSteps.ts';
import { FieldReader, namesPerson } from '../src/actors/readFields.ts';

const NOTHING: ConnectionFacts = {
  step: 'application',
  roles: ['sender'],
  contacts: 0,
  hasAgreement: false,
  validCertificates: 0,
  servedSenders: 0,
  isConformant: false,
};
const ALL = { contacts: 1, hasAgreement: true, validCertificates: 1, servedSenders: 1, isConformant: true };

describe('the steps of a connection', () => {
  it('follow one another, and each names what is missing', () => {
    assert.deepEqual(missingRequirements(NOTHING), ['contact', 'agreement']);
    assert.deepEqual(missingRequirements({ ...NOTHING, step: 'agreement' }), ['contact', 'agreement', 'certificate']);
    assert.deepEqual(missingRequirements({ ...NOTHING, step: 'technicalTest' }), [
      'contact',
      'agreement',
      'certificate',
      'conformance',
    ]);
    assert.deepEqual(
      ['application', 'agreement', 'technicalTest', 'production', 'closed'].map((step) =>
        nextStep(step as ConnectionFacts['step']),
      ),
      ['agreement', 'technicalTest', 'production', undefined, undefined],
    );
  });

  it('demand a served sender of dispatchers only', () => {
    const facts = { ...NOTHING, ...ALL, step: 'technicalTest', servedSenders: 0 } as const;
    assert.deepEqual(missingRequirements(facts), []);
    assert.deepEqual(missingRequirements({ ...facts, roles: ['sender', 'dispatcher'] }), ['servedSender']);
  });

  it('demand nothing more when all is there, nor of one in production or ended', () => {
    for (const step of ['application', 'agreement', 'technicalTest'] as const) {
      assert.deepEqual(missingRequirements({ ...NOTHING, ...ALL, step }), []);
    }
    assert.deepEqual(missingRequirements({ ...NOTHING, step: 'production' }), []);
    assert.deepEqual(missingRequirements({ ...NOTHING, step: 'rejected' }), []);
  });

  it('end by refusal or withdrawal on the way, by closing after it, and once only', () => {
    assert.deepEqual(possibleEnds('application'), ['rejected', 'withdrawn']);
    assert.deepEqual(possibleEnds('technicalTest'), ['rejected', 'withdrawn']);
    assert.deepEqual(possibleEnds('production'), ['closed']);
    assert.deepEqual(possibleEnds('withdrawn'), []);
  });
});

describe('days left of a certificate', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

  it('warn at 60, 30 and 7, and when it has expired', () => {
    const warned = [61, 60, 31, 30, 8, 7, 0.5, 0, -1].map((days) => expiryWarning(inDays(days), now));
    assert.deepEqual(warned, [undefined, 60, 60, 30, 30, 7, 7, 'expired', 'expired']);
    assert.deepEqual([daysLeft(inDays(7.9), now), daysLeft(inDays(0.5), now), daysLeft(inDays(-0.5), now)], [7, 0, -1]);
  });
});

describe('free text', () => {
  it('is known to hold a personal number however that is written, and an organisation number is none', () => {
    for (const text of ['Ring 198501011236', 'pnr 850101-1236.', '850101+1236', '19850101-1236', '197010632391']) {
      assert.ok(namesPerson(text), text);
    }
    for (const text of ['212000-2528', '162120002528', 'DNR 2026-17-3', '2026-01-31 12:00', '850101-1237', '']) {
      assert.ok(!namesPerson(text), text);
    }
  });

  it('is refused with every fault at once, each with its field', () => {
    const reader = new FieldReader();
    reader.text('a', ' ');
    reader.reason('b', 'ja');
    reader.text('c', 'x'.repeat(257));
    reader.text('d', 'Åsa 850101-1236');
    reader.email('e', 'åsa@');
    reader.organization('f', '12');
    reader.organization('g', '168501011236');
    reader.personalNumber('h', '850101');
    reader.day('i', '2026-02-31', new Date('2026-03-01'));
    reader.day('j', '2026-03-02', new Date('2026-03-01T12:00:00Z'));
    reader.domain('k', 'ingen domän');
    reader.address('l', 'http://x.example', ['https:']);
    assert.throws(
      () => reader.refuse(),
      ({ code, faults }) => {
        assert.equal(code, 'FAR_ACTOR_INVALID');
        assert.deepEqual(
          faults.map((fault: { path: string; text: string }) => `${fault.path}: ${fault.text}`),
          [
            'a: Fyll i fältet.',
            'b: Skriv minst 5 tecken.',
            'c: Skriv högst 256 tecken.',
            'd: Skriv inget personnummer här: texten sparas i granskningsloggen.',
            'e: Det är ingen e-postadress.',
            'f: Det är inte ett organisationsnummer. Skriv tio siffror, eller tolv som börjar med 16.',
            'g: Numret är ett personnummer. Bara juridiska personer kan anslutas.',
            'h: Det är inte ett personnummer. Skriv tolv siffror.',
            'i: Skriv dagen som år, månad, dag: 2026-01-31.',
            'j: Dagen har inte kommit än.',
            'k: Det är ingen internetdomän, till exempel brevladan.se.',
            'l: Skriv hela adressen, med https:// först.',
          ],
        );
        return true;
      },
    );
  });
});
