import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SendWindow } from '../src/letter.ts';
import { untilWindowOpensMs } from '../src/sendWindow.ts';

const DAYTIME: SendWindow = { from: '08:00', to: '20:00', weekdays: [1, 2, 3, 4, 5] };
const NIGHT: SendWindow = { from: '22:00', to: '06:00', weekdays: [1, 2, 3, 4, 5, 6, 7] };
const EARLY: SendWindow = { from: '02:30', to: '04:00', weekdays: [1, 2, 3, 4, 5, 6, 7] };

/** The instant at which a letter handed in at `now` may leave. */
function opens(window: SendWindow | undefined, now: string): string {
  const at = new Date(now);
  return new Date(at.getTime() + untilWindowOpensMs(window, at)).toISOString();
}

describe('a letter may leave', () => {
  const cases: readonly [what: string, window: SendWindow | undefined, now: string, at: string][] = [
    ['at any time without a window', undefined, '2026-11-23T02:00:00Z', '2026-11-23T02:00:00.000Z'],
    ['at once inside the window', DAYTIME, '2026-11-23T12:00:30Z', '2026-11-23T12:00:30.000Z'],
    ['from the first minute', DAYTIME, '2026-11-23T07:00:00Z', '2026-11-23T07:00:00.000Z'],
    ['not at the last', DAYTIME, '2026-11-23T19:00:00Z', '2026-11-24T07:00:00.000Z'],
    ['the same morning, early', DAYTIME, '2026-11-23T03:15:42Z', '2026-11-23T07:00:00.000Z'],
    ['on Monday, from Friday night', DAYTIME, '2026-11-27T21:00:00Z', '2026-11-30T07:00:00.000Z'],
    ['at eight in summer too, which is another hour', DAYTIME, '2026-07-06T03:00:00Z', '2026-07-06T06:00:00.000Z'],
    ['over midnight, before it', NIGHT, '2026-11-23T22:30:00Z', '2026-11-23T22:30:00.000Z'],
    ['over midnight, after it', NIGHT, '2026-11-24T04:30:00Z', '2026-11-24T04:30:00.000Z'],
    ['over midnight, but not at noon', NIGHT, '2026-11-23T11:00:00Z', '2026-11-23T21:00:00.000Z'],
    ['when the clocks have passed an hour that is left out', EARLY, '2026-03-28T23:30:00Z', '2026-03-29T01:30:00.000Z'],
    ['at the first of an hour that comes twice', EARLY, '2026-10-24T22:30:00Z', '2026-10-25T00:30:00.000Z'],
    [
      'a week later when only that weekday is open',
      { ...DAYTIME, weekdays: [1] },
      '2026-11-23T20:00:00Z',
      '2026-11-30T07:00:00.000Z',
    ],
    ['after the turn of the year', DAYTIME, '2026-12-31T20:00:00Z', '2027-01-01T07:00:00.000Z'],
  ];
  for (const [what, window, now, at] of cases) {
    test(what, () => assert.equal(opens(window, now), at));
  }
});
