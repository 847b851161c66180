import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duplicateKey } from '../src/deliver/duplicate.ts';

const digest = Buffer.alloc(32, 7).toString('base64');

test('sender, digest and recipient together make the key', () => {
  const key = duplicateKey('162021004748', digest, '192705178354');
  assert.equal(key.length, 32);
  assert.deepEqual(duplicateKey('162021004748', digest, '192705178354'), key);
  assert.notDeepEqual(duplicateKey('162021003898', digest, '192705178354'), key);
  assert.notDeepEqual(duplicateKey('162021004748', Buffer.alloc(32, 8).toString('base64'), '192705178354'), key);
  assert.notDeepEqual(duplicateKey('162021004748', digest, '191212121212'), key);
});

test('no shift between the fields gives the same key', () => {
  assert.notDeepEqual(duplicateKey('12', digest, '345'), duplicateKey('123', digest, '45'));
});
