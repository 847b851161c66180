import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClosers } from '../src/closers.ts';

test('closes the last started first, once', async () => {
  const order: string[] = [];
  const closers = createClosers();
  for (const name of ['database', 'server', 'worker']) closers.add(async () => order.push(name));
  await closers.closeAll();
  await closers.closeAll();
  assert.deepEqual(order, ['worker', 'server', 'database']);
});

test('one that cannot close does not keep the others open, and is told of', async () => {
  let isClosed = false;
  const closers = createClosers();
  closers.add(async () => {
    isClosed = true;
  });
  closers.add(() => Promise.reject(new Error('stuck')));
  await assert.rejects(closers.closeAll(), /stuck/);
  assert.ok(isClosed);
});
