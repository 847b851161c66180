/** Loads an account file in a process of its own, to be killed: `databaseUrl contentFile rejectsFile`. Tells each saved batch. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createPool, systemClock } from '@brevduva/base';
import { loadAccounts } from '../src/index.ts';

const [databaseUrl = '', contentFile = '', rejectsFile = ''] = process.argv.slice(2);
const pool = createPool({ connectionString: databaseUrl, applicationName: 'account load test', max: 1 });
const rejects = await open(rejectsFile, 'r+');
let at = 0;
let savedLines = -1;
const result = await loadAccounts({
  pool,
  clock: systemClock,
  // small pieces: a batch ends where a piece does
  content: createReadStream(contentFile, { highWaterMark: 4_096 }),
  contentKey: Buffer.alloc(32, 7),
  replaces: false,
  batchRows: 300,
  rejects: {
    async continueAt(byteCount) {
      at = byteCount;
      await rejects.truncate(byteCount);
    },
    async append(text) {
      await rejects.write(text, at, 'latin1');
      at += text.length;
    },
  },
  onProgress(_read, saved) {
    if (saved.lineCount === savedLines) return;
    savedLines = saved.lineCount;
    process.send?.('saved');
  },
});
await rejects.close();
await pool.end();
process.send?.(result.outcome);
process.disconnect();
