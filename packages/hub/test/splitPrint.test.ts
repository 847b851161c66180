import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ANY_NUMBER, type PrinterSettings } from '../src/organisation/waysIn/printer.ts';
import type { PrintPage, PrintWord } from '../src/waysIn/printer/printPage.ts';
import { recipientNumber } from '../src/waysIn/printer/recipientNumber.ts';
import { findingsOf, splitPrint } from '../src/waysIn/printer/splitPrint.ts';

const TODAY = new Date('2026-11-23T12:00:00Z');
const ANNA = '192705178354';
const TOLVAN = '191212121212';
const COMPANY = '162021004748';
const ANYWHERE: PrinterSettings = {
  flow: 'beslut',
  newLetter: { at: 'recipient' },
  recipient: [{ find: 'text', pattern: ANY_NUMBER }],
};

/** A page of lines; each begins at the left margin, ten millimetres apart, and each word takes twenty millimetres. */
function page(lines: readonly string[], dataMatrix: readonly string[] = []): PrintPage {
  const words = lines.flatMap((line, n) =>
    line.split(' ').map(
      (text, m): PrintWord => ({
        text,
        left: 20 + m * 22,
        right: 40 + m * 22,
        top: 20 + n * 10,
        bottom: 24 + n * 10,
      }),
    ),
  );
  return { words, dataMatrix };
}

const split = (pages: readonly PrintPage[], changed: Partial<PrinterSettings> = {}) => {
  const settings = { ...ANYWHERE, ...changed };
  return splitPrint(
    pages.map((one) => findingsOf(one, settings)),
    settings,
    TODAY,
  );
};
const spans = (pages: readonly PrintPage[], settings: Partial<PrinterSettings> = {}) =>
  split(pages, settings).map(({ from, to }) => [from, to]);

describe('a printout is split into letters', () => {
  const two = [page([`Till ${ANNA}`]), page(['sida två']), page([`Till ${TOLVAN}`])];

  test('at each page with another recipient; a page without a number follows the one before', () => {
    const letters = split(two);
    assert.deepEqual(
      letters.map(({ from, to, recipient }) => [from, to, recipient]),
      [
        [1, 2, { kind: 'found', id: ANNA }],
        [3, 3, { kind: 'found', id: TOLVAN }],
      ],
    );
  });

  test('not at all, when each job is a letter: then several numbers are for a person to judge', () => {
    assert.deepEqual(
      split(two, { newLetter: { at: 'job' } }).map(({ recipient }) => recipient),
      [{ kind: 'several', ids: [ANNA, TOLVAN] }],
    );
  });

  test('after every so many pages, and the last may be shorter', () => {
    assert.deepEqual(spans(two, { newLetter: { at: 'pages', pages: 2 } }), [
      [1, 2],
      [3, 3],
    ]);
  });

  test('at a mark, be it a text at a place or a Data Matrix', () => {
    const pages = [page(['Sida 1 av 2']), page(['Sida 2 av 2']), page(['Sida 1 av 1'], ['BREV'])];
    assert.deepEqual(spans(pages, { newLetter: { at: 'mark', mark: { find: 'text', pattern: '^Sida 1 av' } } }), [
      [1, 2],
      [3, 3],
    ]);
    assert.deepEqual(spans(pages, { newLetter: { at: 'mark', mark: { find: 'dataMatrix', pattern: '^BREV$' } } }), [
      [1, 2],
      [3, 3],
    ]);
  });

  test('so that every page is in exactly one letter, whatever the rules', () => {
    const rules: PrinterSettings['newLetter'][] = [
      { at: 'job' },
      { at: 'recipient' },
      { at: 'pages', pages: 3 },
      { at: 'mark', mark: { find: 'text', pattern: 'finns inte' } },
    ];
    const pages = Array.from({ length: 50 }, (_, n) =>
      page([n % 7 === 0 ? `nr ${n % 2 === 0 ? ANNA : TOLVAN}` : 'text']),
    );
    for (const newLetter of rules) {
      const covered = split(pages, { newLetter }).flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, n) => from + n),
      );
      assert.deepEqual(
        covered,
        pages.map((_, n) => n + 1),
        newLetter.at,
      );
    }
  });

  test('in time that grows with the pages and not with their square', () => {
    assert.equal(split(Array.from({ length: 20_000 }, () => page(['ingen']))).length, 1);
  });
});

describe('the recipient of a printed letter', () => {
  test('is the one number in the area of the rule, not one that stands elsewhere', () => {
    const letter = page([`Handläggare ${TOLVAN}`, `Mottagare ${ANNA}`]);
    const area = { left: 0, top: 28, width: 210, height: 8 };
    const [found] = split([letter], { recipient: [{ find: 'text', pattern: ANY_NUMBER, area }] });
    assert.deepEqual(found?.recipient, { kind: 'found', id: ANNA });
  });

  test('is that of the first rule that finds anything, also when it is nobody: a later rule might find a caseworker', () => {
    const letter = page([`Handläggare ${TOLVAN}`, 'Mottagare 192705178355']);
    const area = { left: 0, top: 28, width: 210, height: 8 };
    const [found] = split([letter], {
      newLetter: { at: 'job' },
      recipient: [
        { find: 'text', pattern: ANY_NUMBER, area },
        { find: 'text', pattern: ANY_NUMBER },
      ],
    });
    assert.deepEqual(found?.recipient, { kind: 'invalid', text: '192705178355' });
  });

  test('is read from a Data Matrix', () => {
    const [found] = split([page(['Hej'], [`R:${COMPANY};1`])], {
      recipient: [{ find: 'dataMatrix', pattern: String.raw`R:(\d{12})` }],
    });
    assert.deepEqual(found?.recipient, { kind: 'found', id: COMPANY });
  });

  test('is nobody on an empty page', () => {
    assert.deepEqual(
      split([page([])]).map(({ recipient }) => recipient),
      [{ kind: 'none' }],
    );
  });

  test('stands beside subject, reference and address, each at its place', () => {
    const letter = page(['Anna Ek', 'Storgatan 1', '123 45 Lillköping', 'Beslut om bygglov', `Dnr BYGG-17 ${ANNA}`]);
    const [found] = split([letter], {
      address: { left: 15, top: 15, width: 90, height: 30 },
      subject: { find: 'text', area: { left: 15, top: 48, width: 180, height: 9 } },
      reference: { find: 'text', pattern: String.raw`Dnr (\S+)` },
    });
    assert.deepEqual(found?.addressLines, ['Anna Ek', 'Storgatan 1', '123 45 Lillköping']);
    assert.equal(found?.subject, 'Beslut om bygglov');
    assert.equal(found?.reference, 'BYGG-17');
  });
});

describe('a number as people write it', () => {
  const cases: readonly [written: string, id: string | undefined][] = [
    ['19270517-8354', ANNA],
    ['1927 0517 8354', ANNA],
    ['270517-8354', ANNA],
    ['270517–8354', ANNA],
    ['121212+1212', TOLVAN],
    ['121212-1212', '201212121212'],
    ['202100-4748', COMPANY],
    ['16202100-4748', COMPANY],
    ['1912121213', undefined],
    ['991332-1234', undefined],
    ['telefon 0990-100 00', undefined],
  ];
  for (const [written, id] of cases) {
    test(`${written} is ${id ?? 'nobody'}`, () => assert.equal(recipientNumber(written, TODAY), id));
  }
});
