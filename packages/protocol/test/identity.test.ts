import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ageOn,
  birthDate,
  hasCheckDigit,
  parseOrganizationNumber,
  parseRecipientId,
  type RecipientId,
  recipientKind,
} from '../src/identity.ts';

/** Appends the check digit, so that a case says only what it is about. */
function withCheckDigit(elevenDigits: string): string {
  for (let digit = 0; digit < 10; digit++) {
    const candidate = `${elevenDigits}${digit}`;
    if (hasCheckDigit(candidate.slice(2))) return candidate;
  }
  throw new Error('unreachable: one of ten digits is always right');
}

function parsed(text: string): RecipientId {
  const result = parseRecipientId(text);
  assert.ok(result.ok, `${text} must be accepted`);
  return result.id;
}

describe('parseRecipientId', () => {
  it('accepts the public test identities of FACTS (c)', () => {
    for (const id of ['192705178354', '191212121212', '198101032384']) {
      assert.deepEqual(parseRecipientId(id), { ok: true, id, kind: 'person' });
    }
    for (const id of ['162021004748', '162021003898', '165568402266']) {
      assert.deepEqual(parseRecipientId(id), { ok: true, id, kind: 'organization' });
    }
  });

  it('accepts a hyphen and surrounding space, and writes the id without them', () => {
    assert.equal(parsed('19121212-1212'), '191212121212');
    assert.equal(parsed(' 19121212-1212 '), '191212121212');
    assert.equal(parsed('16202100-4748'), '162021004748');
  });

  it('prefixes an organisation number of ten digits with 16 (scenario 12)', () => {
    assert.equal(parsed('2021004748'), '162021004748');
    assert.equal(parsed('202100-4748'), '162021004748');
  });

  it('accepts a coordination number, day plus 60 (scenario 12)', () => {
    assert.deepEqual(parseRecipientId('197010632391'), { ok: true, id: '197010632391', kind: 'coordination' });
    assert.equal(parsed('19701063-2391'), '197010632391');
    assert.deepEqual(parseRecipientId(withCheckDigit('19700291000')), { ok: false, fault: 'date' }, '31 February');
    assert.deepEqual(parseRecipientId(withCheckDigit('19700160000')), { ok: false, fault: 'date' }, 'day 0');
    assert.deepEqual(parseRecipientId(withCheckDigit('19700192000')), { ok: false, fault: 'date' }, 'day 32');
  });

  it('accepts one born before 1900 (scenario 12)', () => {
    const id = withCheckDigit('18991231123');
    assert.deepEqual(parseRecipientId(id), { ok: true, id, kind: 'person' });
    assert.deepEqual(birthDate(parsed(id)), { year: 1899, month: 12, day: 31 });
  });

  it('knows the calendar', () => {
    for (const day of ['20000229', '20040229', '19991231', '20230430']) {
      assert.ok(parseRecipientId(withCheckDigit(`${day}123`)).ok, day);
    }
    for (const day of ['19000229', '20010229', '20230431', '20231301', '20230001', '20230100', '20230132']) {
      assert.deepEqual(parseRecipientId(withCheckDigit(`${day}123`)), { ok: false, fault: 'date' }, day);
    }
  });

  it('refuses a wrong check digit', () => {
    assert.deepEqual(parseRecipientId('191212121213'), { ok: false, fault: 'checkDigit' });
    assert.deepEqual(parseRecipientId('162021004749'), { ok: false, fault: 'checkDigit' });
    assert.deepEqual(parseRecipientId('197010632392'), { ok: false, fault: 'checkDigit' });
  });

  it('tells every neighbour of a valid number from it', () => {
    const valid = '191212121212';
    for (let i = 2; i < valid.length; i++) {
      for (let digit = 0; digit < 10; digit++) {
        const changed = `${valid.slice(0, i)}${digit}${valid.slice(i + 1)}`;
        assert.equal(parseRecipientId(changed).ok, changed === valid, changed);
      }
    }
  });

  it('refuses other forms', () => {
    const others = [
      '',
      ' ',
      '1212121212',
      '121212-1212',
      '171212121212',
      '211212121212',
      '19121212121',
      '1912121212121',
    ];
    const written = [
      '19121212+1212',
      '1912-12-12-1212',
      '19121212 1212',
      'SE191212121212',
      '١٩١٢١٢١٢١٢١٢',
      '19121212-1212-',
    ];
    for (const text of [...others, ...written]) {
      assert.deepEqual(parseRecipientId(text), { ok: false, fault: 'format' }, JSON.stringify(text));
    }
  });

  it('does not take a personal number of ten digits for an organisation', () => {
    assert.deepEqual(parseRecipientId('8101032384'), { ok: false, fault: 'format' });
    assert.deepEqual(parseOrganizationNumber('8101032384'), { ok: false, fault: 'format' });
  });
});

describe('parseOrganizationNumber', () => {
  it('gives the contract form of twelve digits', () => {
    for (const text of ['5568402266', '556840-2266', '165568402266', '16556840-2266']) {
      assert.deepEqual(parseOrganizationNumber(text), { ok: true, id: '165568402266' }, text);
    }
  });

  it('refuses a person and a wrong check digit', () => {
    assert.deepEqual(parseOrganizationNumber('191212121212'), { ok: false, fault: 'format' });
    assert.deepEqual(parseOrganizationNumber('5568402267'), { ok: false, fault: 'checkDigit' });
  });
});

describe('ageOn', () => {
  const day = (text: string) => {
    const [year = 0, month = 0, date = 0] = text.split('-').map(Number);
    return { year, month, day: date };
  };

  it('turns on the birthday itself, not the day before (scenario 12)', () => {
    const id = parsed(withCheckDigit('20081123123'));
    assert.equal(ageOn(id, day('2026-11-22')), 17);
    assert.equal(ageOn(id, day('2026-11-23')), 18);
    assert.equal(ageOn(id, day('2026-12-01')), 18);
    assert.equal(ageOn(id, day('2027-01-01')), 18);
  });

  it('reads the day of a coordination number without the 60 (scenario 12)', () => {
    const id = parsed('197010632391');
    assert.deepEqual(birthDate(id), { year: 1970, month: 10, day: 3 });
    assert.equal(ageOn(id, day('1988-10-02')), 17);
    assert.equal(ageOn(id, day('1988-10-03')), 18);
  });

  it('lets one born on 29 February turn on the last of the month, lag (1930:173) 1 § (scenario 12)', () => {
    const id = parsed(withCheckDigit('20040229123'));
    assert.equal(ageOn(id, day('2022-02-27')), 17);
    assert.equal(ageOn(id, day('2022-02-28')), 18);
    assert.equal(ageOn(id, day('2022-03-01')), 18);
    assert.equal(ageOn(id, day('2024-02-28')), 19);
    assert.equal(ageOn(id, day('2024-02-29')), 20);
  });

  it('counts more than a hundred years', () => {
    assert.equal(ageOn(parsed(withCheckDigit('18991231123')), day('2026-11-23')), 126);
  });

  it('takes an instant as the day it is in Sweden', () => {
    const id = parsed(withCheckDigit('20080701123'));
    assert.equal(ageOn(id, new Date('2026-06-30T21:59:59Z')), 17);
    assert.equal(ageOn(id, new Date('2026-06-30T22:00:00Z')), 18);
  });

  it('has no answer for an organisation', () => {
    assert.equal(ageOn(parsed('162021004748'), day('2026-01-01')), undefined);
    assert.equal(birthDate(parsed('162021004748')), undefined);
  });
});

describe('recipientKind', () => {
  it('tells the three kinds apart', () => {
    assert.equal(recipientKind(parsed('162021004748')), 'organization');
    assert.equal(recipientKind(parsed('191212121212')), 'person');
    assert.equal(recipientKind(parsed('197010632391')), 'coordination');
  });
});
