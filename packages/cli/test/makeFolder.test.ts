import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../src/makeFolder.ts';

test('makes a folder with those above it, for its owner alone, and is content with one that is there', async () => {
  const root = await mkdtemp(join(tmpdir(), 'brevduva-folder-'));
  const folder = join(root, 'å', 'b');
  await makeFolder(folder);
  await makeFolder(folder);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  await rm(root, { recursive: true });
});

test('gives up where no folder can be made, instead of trying for ever', { timeout: 5_000 }, async () => {
  await assert.rejects(makeFolder('/proc/brevduva/data'), { code: 'ENOENT' });
  const root = await mkdtemp(join(tmpdir(), 'brevduva-folder-'));
  await writeFile(join(root, 'file'), '');
  await assert.rejects(makeFolder(join(root, 'file', 'x')), { code: 'ENOTDIR' });
  await assert.rejects(makeFolder(join(root, 'file')), { code: 'EEXIST' });
  await rm(root, { recursive: true });
});
