import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assuranceLevel } from '../src/web/assurance.ts';

test('the level is read from a short name or an address; what is not exactly one is no level', () => {
  const levels: [unknown, number][] = [
    ['loa3', 3],
    ['LOA4', 4],
    ['http://id.elegnamnden.se/loa/1.0/loa3', 3],
    ['http://id.elegnamnden.se/loa/1.0/loa2', 2],
    ['http://id.swedenconnect.se/loa/1.0/uncertified-loa3', 0],
    ['loa33', 0],
    ['loa3 ', 0],
    ['loa9', 0],
    ['urn:mace:incommon:iap:silver', 0],
    ['', 0],
    [undefined, 0],
    [['loa3'], 0],
  ];
  for (const [acr, level] of levels) assert.equal(assuranceLevel(acr), level, String(acr));
});
