import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createContentKeys } from '../src/content/encryption.ts';

const plain = Buffer.from('Beslut om förskoleplats åäö', 'utf8');

test('what is encrypted opens again, and does not show the text', () => {
  const cipher = createContentKeys([randomBytes(32)]);
  const encrypted = cipher.encrypt(plain, 'a/part/0');
  assert.equal(encrypted.includes('förskoleplats'), false);
  assert.deepEqual(cipher.decrypt(cipher.keyId, encrypted, 'a/part/0'), plain);
});

test('the same text twice gives different bytes', () => {
  const cipher = createContentKeys([randomBytes(32)]);
  assert.notDeepEqual(cipher.encrypt(plain, 'a'), cipher.encrypt(plain, 'a'));
});

test('a changed byte anywhere, a cut and a foreign place are refused', () => {
  const cipher = createContentKeys([randomBytes(32)]);
  const encrypted = cipher.encrypt(plain, 'a/part/0');
  for (let position = 0; position < encrypted.length; position += 1) {
    const changed = Buffer.from(encrypted);
    changed.writeUInt8(changed.readUInt8(position) ^ 1, position);
    assert.throws(() => cipher.decrypt(cipher.keyId, changed, 'a/part/0'), { code: 'MAILBOX_CONTENT_UNREADABLE' });
  }
  for (const wrong of [encrypted.subarray(0, 40), encrypted.subarray(0, 5), Buffer.alloc(0)]) {
    assert.throws(() => cipher.decrypt(cipher.keyId, wrong, 'a/part/0'), { code: 'MAILBOX_CONTENT_UNREADABLE' });
  }
  assert.throws(() => cipher.decrypt(cipher.keyId, encrypted, 'a/part/1'), { code: 'MAILBOX_CONTENT_UNREADABLE' });
});

test('a new key writes while the old one still reads', () => {
  const [former, current] = [randomBytes(32), randomBytes(32)];
  const before = createContentKeys([former]);
  const after = createContentKeys([current, former]);
  assert.notEqual(after.keyId, before.keyId);
  assert.deepEqual(after.decrypt(before.keyId, before.encrypt(plain, 'a'), 'a'), plain);
  assert.throws(() => before.decrypt(after.keyId, after.encrypt(plain, 'a'), 'a'), {
    code: 'MAILBOX_CONTENT_UNREADABLE',
    detail: `no content key ${after.keyId}`,
  });
});

test('a key of the wrong length is refused at start', () => {
  assert.throws(() => createContentKeys([randomBytes(16)]), { code: 'MAILBOX_CONTENT_KEY_LENGTH', detail: '16 bytes' });
});
