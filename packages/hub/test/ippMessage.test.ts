import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { IPP_OPERATIONS } from '../src/waysIn/printer/ippCodes.ts';
import { decodeIpp, encodeIpp, groupOf, type IppMessage, IppSyntaxError } from '../src/waysIn/printer/ippMessage.ts';
import {
  charset,
  collection,
  dateTime,
  enumeration,
  flag,
  integer,
  keyword,
  language,
  named,
  range,
  resolution,
} from '../src/waysIn/printer/ippValues.ts';

const MESSAGE: IppMessage = {
  version: { major: 2, minor: 0 },
  code: IPP_OPERATIONS.printJob,
  requestId: 7,
  groups: [
    {
      name: 'operation',
      attributes: new Map([
        charset('attributes-charset', 'utf-8'),
        language('attributes-natural-language', 'sv'),
        named('job-name', 'Beslut åäö'),
        flag('last-document', true),
      ]),
    },
    {
      name: 'job',
      attributes: new Map([
        integer('copies', -1, 2),
        enumeration('finishings', 3),
        range('page-ranges', 1, 4),
        resolution('printer-resolution', 600),
        dateTime('date-time-at-creation', new Date('2026-11-23T15:40:00.300Z')),
        dateTime('date-time-at-completed', undefined),
        collection(
          'media-col',
          new Map([
            collection('media-size', new Map([integer('x-dimension', 21_000)])),
            keyword('media-source', 'auto'),
          ]),
        ),
      ]),
    },
  ],
};

/** A message by hand, as RFC 8010 3.1 draws it: version, operation, request-id, then tagged values. */
function written(...values: readonly (number | string)[]): Buffer {
  const bytes = values.map((value) => (typeof value === 'number' ? Buffer.of(value) : Buffer.from(value)));
  return Buffer.concat([Buffer.of(1, 1, 0, 0x0b, 0, 0, 0, 1), ...bytes]);
}

describe('an IPP message', () => {
  test('reads back as it was written, whatever kinds of value it has', () => {
    const { message, document } = decodeIpp(Buffer.concat([encodeIpp(MESSAGE), Buffer.from('%PDF-1.7')]));
    assert.deepEqual(message, MESSAGE);
    assert.equal(document.toString(), '%PDF-1.7');
  });

  test('is read from the bytes that RFC 8010 gives, with several values under one name', () => {
    const bytes = written(0x01, 0x44, 0, 3, 'abc', 0, 2, 'de', 0x44, 0, 0, 0, 1, 'f', 0x03);
    const values = groupOf(decodeIpp(bytes).message, 'operation').get('abc');
    assert.deepEqual(values, [
      { tag: 'keyword', value: 'de' },
      { tag: 'keyword', value: 'f' },
    ]);
  });

  test('gives a text without the language beside it', () => {
    const bytes = written(0x01, 0x36, 0, 1, 'n', 0, 8, 0, 2, 'sv', 0, 2, 'ab', 0x03);
    assert.deepEqual(groupOf(decodeIpp(bytes).message, 'operation').get('n'), [{ tag: 'name', value: 'ab' }]);
  });

  test('keeps local time with its distance to UTC', () => {
    const local = [0x07, 0xea, 11, 23, 16, 40, 0, 0, 0x2b, 1, 0];
    const bytes = written(0x01, 0x31, 0, 1, 't', 0, 11, ...local, 0x03);
    const values = groupOf(decodeIpp(bytes).message, 'operation').get('t');
    assert.deepEqual(values, [{ tag: 'dateTime', value: new Date('2026-11-23T15:40:00Z') }]);
  });

  const broken: readonly [what: string, bytes: Buffer, message: RegExp][] = [
    ['shorter than its header', Buffer.of(1, 1, 0), /shorter than a header/],
    ['without end', written(0x01, 0x44, 0, 1, 'a', 0, 1, 'b'), /cut short/],
    ['with a value before any group', written(0x44, 0, 1, 'a', 0, 1, 'b', 0x03), /outside of a group/],
    ['with a value before any name', written(0x01, 0x44, 0, 0, 0, 1, 'b', 0x03), /without a name/],
    [
      'with the same attribute twice',
      written(0x01, 0x44, 0, 1, 'a', 0, 0, 0x44, 0, 1, 'a', 0, 0, 0x03),
      /stands twice/,
    ],
    ['with a length below zero', written(0x01, 0x44, 0xff, 0xff, 0x03), /below zero/],
    ['with a value longer than the message', written(0x01, 0x44, 0, 1, 'a', 0x7f, 0xff, 'b', 0x03), /cut short/],
    ['with an integer of three bytes', written(0x01, 0x21, 0, 1, 'a', 0, 3, 0, 0, 1, 0x03), /another length/],
    ['with a collection that does not end', written(0x01, 0x34, 0, 1, 'a', 0, 0, 0x03), /does not end/],
    ['with the end of no collection', written(0x01, 0x37, 0, 1, 'a', 0, 0, 0x03), /never begun/],
    [
      'with a member without name',
      written(0x01, 0x34, 0, 1, 'a', 0, 0, 0x21, 0, 0, 0, 4, 0, 0, 0, 1, 0x03),
      /member without a name/,
    ],
  ];
  for (const [what, bytes, message] of broken) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => decodeIpp(bytes),
        (error) => error instanceof IppSyntaxError && message.test(error.message),
      );
    });
  }

  test('nested without end is refused before it fills the stack', () => {
    const one = Buffer.of(0x4a, 0, 0, 0, 1, 0x6d, 0x34, 0, 0, 0, 0);
    const begun = written(0x01, 0x34, 0, 1, 'a', 0, 0);
    const bytes = Buffer.concat([begun, ...Array.from({ length: 20_000 }, () => one)]);
    assert.throws(() => decodeIpp(bytes), /nested too deep/);
  });

  test('cut at any byte, or changed at any byte, is read or refused and nothing else', () => {
    const whole = encodeIpp(MESSAGE);
    for (let at = 0; at < whole.length; at++) {
      assert.throws(() => decodeIpp(whole.subarray(0, at)), IppSyntaxError);
      for (const change of [0x01, 0x80, 0xff]) {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ change;
        try {
          encodeIpp(decodeIpp(changed).message);
        } catch (error) {
          assert.ok(error instanceof IppSyntaxError, `byte ${at}: ${String(error)}`);
        }
      }
    }
  });
});
