import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrintFile } from '../../packages/hub/src/paper/printFile.ts';
import { createPdfComposer } from '../../packages/hub/src/pdf/compose.ts';
import { measureWork, type WorkFigures } from './measureWork.ts';
import { printLetter } from './printLetter.ts';

const WARM_UP = 10;
/** As many as the hub's compose stage has under way. */
const AT_ONCE = 2;

/** Letters made into one PDF and a manifest with a line for each: one worker composes, as in the hub, and this process joins. No database. */
export async function joinedBatch(letters: number, folder: string): Promise<WorkFigures & { fileBytes: number }> {
  const composer = createPdfComposer({ workersMax: 1 });
  try {
    for (let n = 0; n < WARM_UP; n += 1) await composer.composePrintPdf(printLetter(n));
    const figures = await measureWork(() => writeBatch(letters, folder, composer));
    return { ...figures, fileBytes: (await stat(join(folder, 'batch.pdf'))).size };
  } finally {
    await composer.close();
  }
}

async function writeBatch(
  letters: number,
  folder: string,
  composer: ReturnType<typeof createPdfComposer>,
): Promise<void> {
  const file = createWriteStream(join(folder, 'batch.pdf'));
  const manifest = createWriteStream(join(folder, 'manifest.jsonl'));
  const joined = createPrintFile((bytes) => written(file, bytes), {
    title: 'Utskrift',
    language: 'sv-SE',
    duplex: true,
  });
  const composing = Array.from({ length: Math.min(letters, AT_ONCE) }, (_, n) =>
    composer.composePrintPdf(printLetter(n)),
  );
  for (let n = 0; n < letters; n += 1) {
    const made = await composing.shift();
    if (made === undefined || 'faults' in made) throw new Error(JSON.stringify(made?.faults));
    if (n + AT_ONCE < letters) composing.push(composer.composePrintPdf(printLetter(n + AT_ONCE)));
    const sha256 = createHash('sha256').update(made.pdf).digest('hex');
    const line = { letterId: printLetter(n).letterId, ...(await joined.add(made.pdf)), sha256 };
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
