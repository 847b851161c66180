/**
 * How many one-page letters become one print file, with sheet marks and manifest, and how that compares with only typesetting the same letters:
 * one worker composes, as in the hub, and this process joins: `taskset -c 0 node --import tsx bench/print.ts --letters 10000`. The memory told
 * is this process's; the worker's grows with every letter it sets, and it is replaced after a thousand (pdf/compose.ts).
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createPrintFile } from '../packages/hub/src/paper/printFile.ts';
import type { PrintLetter } from '../packages/hub/src/paper/printSheet.ts';
import { createPdfComposer } from '../packages/hub/src/pdf/compose.ts';
import { wholeNumber } from './support/options.ts';

const PARAGRAPH =
  'Du har beviljats plats från och med den 1 september. Beslutet gäller till dess att något annat meddelas, och kan överklagas inom tre veckor. ';
const WARM_UP = 10;
const MEGABYTE = 1e6;

const { values } = parseArgs({ options: { letters: { type: 'string', default: '1000' } } });
const count = wholeNumber('letters', values.letters, 1);
const composer = createPdfComposer({ workersMax: 1 });
const folder = await mkdtemp(join(tmpdir(), 'brevduva-print-'));
try {
  for (let n = 0; n < WARM_UP; n += 1) await composer.composePrintPdf(letter(n));
  const onlySet = Math.min(count, 500);
  const bare = await timed(async () => {
    for (let n = 0; n < onlySet; n += 1) await composer.composeTextLetter(letter(n).letter);
  });
  const batch = await timed(() => printBatch(count));
  const [batchRate, bareRate] = [count / batch.seconds, onlySet / bare.seconds];
  const { size } = await stat(join(folder, 'batch.pdf'));
  process.stdout.write(
    `${JSON.stringify({
      letters: count,
      seconds: Number(batch.seconds.toFixed(1)),
      lettersPerSecond: Math.round(batchRate),
      typesetOnlyPerSecond: Math.round(bareRate),
      ratio: Number((batchRate / bareRate).toFixed(2)),
      peakMegabytesOfThis: Math.round((process.resourceUsage().maxRSS * 1024) / MEGABYTE),
      fileMegabytes: Number((size / MEGABYTE).toFixed(1)),
    })}\n`,
  );
} finally {
  await composer.close();
  await rm(folder, { recursive: true });
}

/** One PDF and a manifest with a line for each letter: its pages and the hash of its own PDF. */
async function printBatch(letters: number): Promise<void> {
  const file = createWriteStream(join(folder, 'batch.pdf'));
  const manifest = createWriteStream(join(folder, 'manifest.jsonl'));
  const joined = createPrintFile((bytes) => written(file, bytes), {
    title: 'Utskrift',
    language: 'sv-SE',
    duplex: true,
  });
  for (let n = 0; n < letters; n += 1) {
    const print = letter(n);
    const made = await composer.composePrintPdf(print);
    if ('faults' in made) throw new Error(JSON.stringify(made.faults));
    const sha256 = createHash('sha256').update(made.pdf).digest('hex');
    const line = { letterId: print.letterId, ...(await joined.add(made.pdf)), sha256 };
    await written(manifest, Buffer.from(`${JSON.stringify(line)}\n`));
  }
  await joined.finish();
  await Promise.all([ended(file), ended(manifest)]);
}

type Stream = ReturnType<typeof createWriteStream>;

function written(stream: Stream, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve())));
}

function ended(stream: Stream): Promise<void> {
  return new Promise((resolve, reject) => stream.on('error', reject).end(resolve));
}

function letter(n: number): PrintLetter {
  return {
    letterId: `01986f3a-1c5e-7a77-9a2b-${n.toString(16).padStart(12, '0')}`,
    letter: {
      subject: 'Beslut om förskoleplats',
      body: { contentType: 'text/plain', text: `Hej förälder ${n}!\n\n${`${PARAGRAPH.repeat(2)}\n\n`.repeat(5)}` },
      sender: { name: 'Lillköpings kommun', unit: 'Barn- och utbildningsnämnden', support: { text: 'Ring växeln.' } },
      language: 'svSE',
      date: '2026-11-23',
      reference: `BUN ${n}`,
    },
    address: { name: `Åsa Öberg ${n}`, lines: [`Storgatan ${n}`], postalCode: '123 45', city: 'Ödeshög' },
    returnAddress: { name: 'Lillköpings kommun', lines: ['Box 12'], postalCode: '120 01', city: 'Lillköping' },
    attachments: [],
  };
}

async function timed(work: () => Promise<void>): Promise<{ seconds: number }> {
  const from = performance.now();
  await work();
  return { seconds: (performance.now() - from) / 1000 };
}
