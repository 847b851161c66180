import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatDate,
  formatDateTime,
  formatDay,
  formatMoney,
  formatNumber,
  formatPercent,
  formatRecipientId,
  formatTime,
  relativeTime,
} from '../src/index.ts';

const NBSP = '\u00a0';

test('date and time in Swedish and English', () => {
  const instant = new Date('2026-05-03T12:04:05Z');
  assert.equal(formatDateTime(instant, 'sv'), '2026-05-03 14:04');
  assert.equal(formatDateTime(instant, 'en'), '3 May 2026, 14:04');
  assert.equal(formatDateTime(instant, 'sv', 'long'), '3 maj 2026 kl. 14:04');
  assert.equal(formatDateTime(instant, 'en', 'long'), '3 May 2026 at 14:04');
  assert.equal(formatDate(instant, 'sv', 'long'), '3 maj 2026');
  assert.equal(formatDate(instant, 'en'), '3 May 2026');
  assert.equal(formatTime(new Date('2026-01-01T23:05:00Z')), '00:05');
});

test('the clock leaps over 02:00–03:00 on 2026-03-29', () => {
  assert.equal(formatDateTime(new Date('2026-03-29T00:59:59Z'), 'sv', 'exact'), '2026-03-29 01:59:59 (UTC+1)');
  assert.equal(formatDateTime(new Date('2026-03-29T01:00:00Z'), 'sv', 'exact'), '2026-03-29 03:00:00 (UTC+2)');
  assert.equal(formatDateTime(new Date('2026-03-28T23:00:00Z'), 'sv'), '2026-03-29 00:00');
});

test('the hour that comes twice on 2026-10-25 is told apart by its offset', () => {
  assert.equal(formatDateTime(new Date('2026-10-25T00:30:00Z'), 'sv', 'exact'), '2026-10-25 02:30:00 (UTC+2)');
  assert.equal(formatDateTime(new Date('2026-10-25T01:30:00Z'), 'en', 'exact'), '2026-10-25 02:30:00 (UTC+1)');
  assert.equal(formatDate(new Date('2026-10-25T22:59:59Z'), 'sv'), '2026-10-25');
  assert.equal(formatDate(new Date('2026-10-25T23:00:00Z'), 'sv'), '2026-10-26');
});

test('numbers, shares and sizes', () => {
  assert.equal(formatNumber(1_234_567, 'sv'), `1${NBSP}234${NBSP}567`);
  assert.equal(formatNumber(1_234_567.5, 'en', 2), '1,234,567.50');
  assert.equal(formatPercent(0.125, 'sv', 1), `12,5${NBSP}%`);
  assert.equal(formatPercent(0.125, 'en', 1), '12.5%');
  assert.equal(formatBytes(0, 'sv'), `0${NBSP}B`);
  assert.equal(formatBytes(1023, 'sv'), `1${NBSP}023${NBSP}B`);
  assert.equal(formatBytes(48_213, 'sv'), `47${NBSP}kB`);
  assert.equal(formatBytes(1024 * 1024 - 1, 'sv'), `1,0${NBSP}MB`);
  assert.equal(formatBytes(2_097_152, 'sv'), `2,0${NBSP}MB`);
  assert.equal(formatBytes(2_411_725, 'en'), `2.3${NBSP}MB`);
});

test('money, exactly, and days without a clock', () => {
  assert.equal(formatMoney(123_450n, 'SEK', 'sv'), `1${NBSP}234,50${NBSP}kr`);
  assert.equal(formatMoney(5n, 'EUR', 'sv'), `0,05${NBSP}EUR`);
  assert.equal(formatMoney(123_450n, 'SEK', 'en'), `SEK${NBSP}1,234.50`);
  assert.equal(formatMoney(9_007_199_254_740_993_01n, undefined, 'en'), '9,007,199,254,740,993.01');
  assert.equal(formatDay('2026-12-24', 'sv'), '24 december 2026');
  assert.equal(formatDay('2026-12-24', 'en'), '24 December 2026');
});

test('recipient ids as people write them', () => {
  assert.equal(formatRecipientId('191212121212'), '19121212-1212');
  assert.equal(formatRecipientId('200001612384'), '20000161-2384');
  assert.equal(formatRecipientId('162021005489'), '202100-5489');
  assert.equal(formatRecipientId('inte ett id'), 'inte ett id');
});

test('distances in time are true, in both directions', () => {
  const now = new Date('2026-10-25T09:00:00Z');
  const at = (ms: number) => new Date(now.getTime() + ms);
  assert.equal(relativeTime(at(-30_000), now, 'sv'), 'just nu');
  assert.equal(relativeTime(at(30_000), now, 'en'), 'just now');
  assert.equal(relativeTime(at(-180_000), now, 'sv'), 'för 3 minuter sedan');
  assert.equal(relativeTime(at(2 * 3_600_000), now, 'sv'), 'om 2 timmar');
  assert.equal(relativeTime(at(-36 * 3_600_000), now, 'sv'), 'för 1 dag sedan');
  assert.equal(relativeTime(at(-36 * 3_600_000), now, 'en'), '1 day ago');
  assert.equal(relativeTime(at(400 * 86_400_000), now, 'sv'), 'om 1 år');
});
