import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createPrintFile, type PrintFileOptions } from '../src/paper/printFile.ts';
import { readOwnPdf } from '../src/pdf/assembly/ownPdf.ts';
import { isRefusal } from '../src/pdf/inspection.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { LETTER, PRINT } from './paperPrintSample.ts';
import { requirePrograms, runProgramOn } from './pdfPrograms.ts';
import { samplePdf } from './pdfSamples.ts';

const tools = createPdfTools();
after(() => tools.close());

async function letter(subject: string, language = 'sv'): Promise<Buffer> {
  const made = await tools.composeTextLetter({ ...LETTER, subject, language });
  assert.ok(!isRefusal(made));
  return made.pdf;
}

async function join(pdfs: readonly Buffer[], options: Partial<PrintFileOptions> = {}) {
  const chunks: Buffer[] = [];
  const file = createPrintFile((bytes) => void chunks.push(bytes), {
    ...{ title: 'Utskrift 7', language: 'sv', duplex: true },
    ...options,
  });
  const places = [];
  for (const pdf of pdfs) places.push(await file.add(pdf));
  return { joined: await file.finish(), places, pdf: Buffer.concat(chunks) };
}

describe('one PDF of many letters', () => {
  it('holds every page in order, each letter from a front, with its tags and its language', async (context) => {
    if (!requirePrograms(context, ['qpdf', 'pdftotext', 'pdfinfo'])) return;
    const untagged = samplePdf({ pages: [{ text: 'utan taggar' }, { text: 'andra' }] });
    const { joined, places, pdf } = await join([await letter('Första'), untagged, await letter('Last', 'en')]);
    assert.deepEqual(joined, { pages: 6, bytes: pdf.length });
    assert.deepEqual(places, [
      { firstPage: 1, pages: 2 },
      { firstPage: 3, pages: 2 },
      { firstPage: 5, pages: 2 },
    ]);
    runProgramOn(pdf, 'qpdf', ['--check', 'FILE']);
    const shown = (page: number) =>
      runProgramOn(pdf, 'pdftotext', ['-f', `${page}`, '-l', `${page}`, 'FILE', '-']).toString();
    for (const [page, text] of [
      [1, /Första/],
      [2, /^\s*$/],
      [3, /utan taggar/],
      [4, /andra/],
      [5, /Last/],
    ] as const)
      assert.match(shown(page), text);
    const structure = runProgramOn(pdf, 'pdfinfo', ['-struct-text', 'FILE']).toString();
    assert.match(structure, /Part[\s\S]*H1[\s\S]*Första[\s\S]*Part[\s\S]*H1[\s\S]*Last/);
    assert.match(pdf.toString('latin1'), /\/S\/Part[^>]*\/Lang <FEFF0065006e>/i);
    const inspected = await tools.inspectPdf(pdf);
    assert.ok(!isRefusal(inspected), JSON.stringify(inspected));
    assert.deepEqual([inspected.tagged, inspected.language, inspected.title], [true, 'sv', 'Utskrift 7']);
  });

  it('joins what we wrote ourselves without reading it as anybody’s, and it comes to the same', async (context) => {
    if (!requirePrograms(context, ['qpdf', 'pdftotext', 'pdfinfo'])) return;
    const tagged = await letter('Bilagan');
    const prints = [];
    for (const attachments of [[], [tagged, samplePdf({ pages: [{ text: 'utan taggar' }] })], []]) {
      const made = await tools.composePrintPdf({ ...PRINT, attachments, fontsMustBeEmbedded: false });
      assert.ok(!isRefusal(made), JSON.stringify(made));
      assert.notEqual(readOwnPdf(made.pdf), undefined, 'of our own form');
      prints.push(made.pdf);
    }
    // The same with a comment after its end.
    const others = prints.map((pdf) => Buffer.concat([pdf, Buffer.from('%\n')]));
    assert.ok(others.every((pdf) => readOwnPdf(pdf) === undefined));
    const [own, other] = [await join(prints), await join(others)];
    assert.deepEqual(own.places, other.places);
    runProgramOn(own.pdf, 'qpdf', ['--check', 'FILE']);
    for (const [program, args] of [
      ['pdftotext', ['-layout', 'FILE', '-']],
      ['pdfinfo', ['-struct-text', 'FILE']],
    ] as const) {
      const [mine, theirs] = [own, other].map(({ pdf }) => runProgramOn(pdf, program, args).toString());
      assert.equal(mine, theirs, program);
    }
  });

  it('writes what many letters share once, and one-sided pads nothing', async () => {
    const one = await letter('Samma');
    const few = await join([one], { duplex: false });
    const many = await join(Array(40).fill(one), { duplex: false });
    assert.equal(many.joined.pages, 40);
    // Each more takes its page and its structure, not the fonts of 14 KB.
    assert.ok(many.pdf.length - few.pdf.length < 39 * 5_000, `${few.pdf.length}, ${many.pdf.length}`);
  });

  it('stops when the sink does, and at what is no PDF', async () => {
    await assert.rejects(join([Buffer.from('inget')]), Error);
    const full = async () => {
      throw new Error('disk full');
    };
    const file = createPrintFile(full, { title: 't', language: 'sv', duplex: true });
    await assert.rejects(file.add(samplePdf({ pages: [{}] })), /disk full/);
  });
});
