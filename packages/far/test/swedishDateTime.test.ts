import assert from 'node:assert/strict';
import { it } from 'node:test';
import { swedishDateTime } from '../src/swedishDateTime.ts';

it('writes Swedish time with its offset, summer and winter', () => {
  assert.equal(swedishDateTime(new Date('2016-10-30T14:38:49.517Z')), '2016-10-30T15:38:49.517+01:00');
  assert.equal(swedishDateTime(new Date('2026-06-30T22:00:00Z')), '2026-07-01T00:00:00.000+02:00');
});

it('tells the two equal hours of an autumn night apart', () => {
  assert.equal(swedishDateTime(new Date('2026-10-25T00:30:00Z')), '2026-10-25T02:30:00.000+02:00');
  assert.equal(swedishDateTime(new Date('2026-10-25T01:30:00Z')), '2026-10-25T02:30:00.000+01:00');
});

it('gives the same instant back', () => {
  for (let ms = Date.UTC(1990, 0, 1); ms < Date.UTC(2040, 0, 1); ms += 977 * 3_600_000) {
    assert.equal(new Date(swedishDateTime(new Date(ms))).getTime(), ms);
  }
});
