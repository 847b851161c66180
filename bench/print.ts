/**
 * How many one-page letters one core makes to one print file, with sheet marks and manifest, and how that compares with only typesetting the
 * same letters. Everything is done in this process, a letter at a time: `node --import tsx bench/print.ts --letters 10000`.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { joinPrintFile } from '../packages/hub/src/paper/joinPrintFile.ts';
import type { PrintLetter } from '../packages/hub/src/paper/printSheet.ts';
import { composePrint } from '../packages/hub/src/pdf/worker/composePrint.ts';
import { prepareLetter } from '../packages/hub/src/pdf/worker/letterData.ts';
import { typesetOrRefuse } from '../packages/hub/src/pdf/worker/typeset.ts';
import { wholeNumber } from './support/options.ts';

const PARAGRAPH =
  'Du har beviljats plats från och med den 1 september. Beslutet gäller till dess att något annat meddelas, och kan överklagas inom tre veckor. ';
const WARM_UP = 10;
const MEGABYTE = 1e6;

const { values } = parseArgs({ options: { letters: { type: 'string', default: '1000' } } });
const count = wholeNumber('letters', values.letters, 1);
const folder = await mkdtemp(join(tmpdir(), 'brevduva-print-'));
try {
  for (let n = 0; n < WARM_UP; n += 1) await composePrint(letter(n));
  const onlySet = Math.min(count, 500);
  const bare = await timed(async () => {
    for (let n = 0; n < onlySet; n += 1) typesetOrRefuse(prepareLetter(letter(n).letter, null), {});
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
      peakMegabytes: Math.round((process.resourceUsage().maxRSS * 1024) / MEGABYTE),
      fileMegabytes: Number((size / MEGABYTE).toFixed(1)),
    })}\n`,
  );
} finally {
  await rm(folder, { recursive: true });
}

/** One PDF and a manifest with a line for each letter: its pages and the hash of its own PDF. */
async function printBatch(letters: number): Promise<void> {
  const file = createWriteStream(join(folder, 'batch.pdf'));
  const manifest = createWriteStream(join(folder, 'manifest.jsonl'));
  const hashes = new Map<string, string>();
  async function* composed() {
    for (let n = 0; n < letters; n += 1) {
      const print = letter(n);
      const made = await composePrint(print);
      if ('faults' in made) throw new Error(JSON.stringify(made.faults));
      hashes.set(print.letterId, createHash('sha256').update(made.pdf).digest('hex'));
      yield { letterId: print.letterId, pdf: made.pdf };
    }
  }
  await joinPrintFile(composed(), (bytes) => written(file, bytes), {
    ...{ title: 'Utskrift', language: 'sv-SE', duplex: true },
    onLetter: async (place) => {
      await written(manifest, Buffer.from(`${JSON.stringify({ ...place, sha256: hashes.get(place.letterId) })}\n`));
      hashes.delete(place.letterId);
    },
  });
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
