import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AddressFaultCode,
  type AddressInput,
  type AddressResult,
  checkPostalAddress,
  parseAddressLines,
  printedLines,
} from '../src/paper/address.ts';

const GOOD: AddressInput = { name: 'Åsa Öberg', lines: ['Storgatan 1'], postalCode: '12345', city: 'Ödeshög' };

function lines(result: AddressResult): string[] {
  assert.ok(result.ok, JSON.stringify(result));
  return printedLines(result.address);
}

function refused(result: AddressResult, expected: [AddressFaultCode, RegExp][]): void {
  assert.equal(result.ok, false);
  if (result.ok) return;
  assert.deepEqual(
    result.faults.map((each) => each.code),
    expected.map(([code]) => code),
  );
  expected.forEach(([, text], index) => {
    assert.match(result.faults[index]?.text ?? '', text);
  });
}

describe('scenario 4: a postal address', () => {
  it('is tidied: postcode spaced, blanks collapsed, letters composed', () => {
    const decomposed = 'Ska\u030ane';
    assert.deepEqual(lines(checkPostalAddress({ ...GOOD, name: '  Åsa   Öberg ', city: decomposed })), [
      'Åsa Öberg',
      'Storgatan 1',
      '123 45 Sk\u00e5ne',
    ]);
    assert.equal(lines(checkPostalAddress({ ...GOOD, postalCode: 'SE-123 45' })).at(-1), '123 45 Ödeshög');
  });

  it('keeps å é ł, comma, apostrophe and quote', () => {
    const name = 'Łucja "Lulu" O’Brien, André';
    assert.equal(lines(checkPostalAddress({ ...GOOD, name }))[0], name);
  });

  it('prints care-of below the name however it was written', () => {
    const want = ['Åsa Öberg', 'c/o Berg', 'Storgatan 1', '123 45 Ödeshög'];
    assert.deepEqual(lines(checkPostalAddress({ ...GOOD, careOf: 'Berg' })), want);
    assert.deepEqual(lines(checkPostalAddress({ ...GOOD, careOf: 'C/O  Berg' })), want);
    assert.deepEqual(lines(checkPostalAddress({ ...GOOD, lines: ['c / o Berg', 'Storgatan 1'] })), want);
    refused(checkPostalAddress({ ...GOOD, careOf: 'c/o' }), [['HUB_ADDRESS_CARE_OF', /c\/o/]]);
    refused(checkPostalAddress({ ...GOOD, name: 'c/o Berg' }), [['HUB_ADDRESS_NAME_MISSING', /namn på första raden/]]);
  });

  it('prints a foreign country in capitals on the last line and leaves its postcode alone', () => {
    const abroad = { ...GOOD, postalCode: '00-950', city: 'Łódź', country: 'Polen' };
    assert.deepEqual(lines(checkPostalAddress(abroad)).slice(-2), ['00-950 Łódź', 'POLAND']);
    assert.deepEqual(
      lines(checkPostalAddress({ ...abroad, country: 'gb', postalCode: 'SW1A 1AA', city: 'London' })).slice(-2),
      ['London SW1A 1AA', 'UNITED KINGDOM'],
    );
    assert.equal(lines(checkPostalAddress({ ...GOOD, country: 'Sverige' })).length, 3);
    refused(checkPostalAddress({ ...GOOD, country: 'Atlantis' }), [['HUB_ADDRESS_COUNTRY', /”Atlantis” finns inte/]]);
    refused(checkPostalAddress({ ...GOOD, country: 'EU' }), [['HUB_ADDRESS_COUNTRY', /EU/]]);
  });

  it('refuses two lines and eight lines, each with its cause', () => {
    refused(checkPostalAddress({ ...GOOD, lines: [] }), [['HUB_ADDRESS_TOO_FEW_LINES', /för få rader/]]);
    refused(checkPostalAddress({ ...GOOD, lines: ['a', 'b', 'c', 'd', 'e', 'f'] }), [
      ['HUB_ADDRESS_TOO_MANY_LINES', /har 8 rader/],
    ]);
    refused(parseAddressLines('Åsa Öberg\n123 45 Ödeshög'), [['HUB_ADDRESS_TOO_FEW_LINES', /minst namn/]]);
    refused(parseAddressLines('1\n2\n3\n4\n5\n6\n7\n123 45 Ort'), [['HUB_ADDRESS_TOO_MANY_LINES', /8 rader/]]);
  });

  it('takes exactly six lines', () => {
    assert.equal(
      lines(checkPostalAddress({ ...GOOD, careOf: 'Berg', lines: ['Hus B', 'Storgatan 1', 'lgh 1001'] })).length,
      6,
    );
  });

  for (const postalCode of ['', '02345', '1234', '123456', '123  4', '12A 45', 'abc']) {
    it(`refuses the postcode "${postalCode}"`, () => {
      refused(checkPostalAddress({ ...GOOD, postalCode }), [['HUB_ADDRESS_POSTAL_CODE', /den första är 1–9/]]);
    });
  }

  it('refuses an impossible first character and names it', () => {
    refused(checkPostalAddress({ ...GOOD, lines: [', Storgatan 1'] }), [['HUB_ADDRESS_FIRST_CHARACTER', /”,”/]]);
    refused(checkPostalAddress({ ...GOOD, name: '-' }), [['HUB_ADDRESS_FIRST_CHARACTER', /”-”/]]);
  });

  it('refuses a line break or a control character inside a field', () => {
    refused(checkPostalAddress({ ...GOOD, name: 'Åsa\nÖberg' }), [['HUB_ADDRESS_CHARACTER', /U\+000A/]]);
    refused(checkPostalAddress({ ...GOOD, city: 'Ort\u202e' }), [['HUB_ADDRESS_CHARACTER', /U\+202E/]]);
  });

  for (const line of ['På kommunen skriven', 'Utan känt hemvist', 'ADRESS SAKNAS', 'Utan fast bostad']) {
    it(`refuses no fixed abode: ${line}`, () => {
      refused(checkPostalAddress({ ...GOOD, lines: [line] }), [['HUB_ADDRESS_NO_FIXED_ABODE', /kan dela ut till/]]);
    });
  }

  it('lists every fault at once', () => {
    refused(checkPostalAddress({ lines: ['x'.repeat(61)], postalCode: '0', country: '' }), [
      ['HUB_ADDRESS_LINE_TOO_LONG', /högst 60 tecken; den här har 61/],
      ['HUB_ADDRESS_NAME_MISSING', /namn/],
      ['HUB_ADDRESS_POSTAL_CODE', /”0”/],
      ['HUB_ADDRESS_CITY', /postort/],
    ]);
  });
});

describe('an address written as lines', () => {
  it('reads Swedish and foreign ones, and one line with commas', () => {
    assert.deepEqual(
      lines(parseAddressLines('Åsa Öberg\r\nc/o Berg\r\nStorgatan 1\r\nSE-12345 Ödeshög\r\nSWEDEN\r\n')),
      ['Åsa Öberg', 'c/o Berg', 'Storgatan 1', '123 45 Ödeshög'],
    );
    assert.deepEqual(lines(parseAddressLines('Åsa Öberg, Storgatan 1, 123 45 Ödeshög')).length, 3);
    assert.deepEqual(lines(parseAddressLines('Jan Kowalski\nul. Długa 5, m. 3\n00-950 Łódź\nPolen')).at(-1), 'POLAND');
  });

  it('says that the postcode is bad rather than guess a country', () => {
    refused(parseAddressLines('Åsa Öberg\nStorgatan 1\n0123 Ödeshög'), [['HUB_ADDRESS_POSTAL_CODE', /”0123”/]]);
    refused(parseAddressLines('Jan Kowalski\nul. Długa 5\n00-950 Łódź\nPolska'), [
      ['HUB_ADDRESS_POSTAL_CODE', /saknar postnummer.*skriv landet sist/],
    ]);
  });
});
