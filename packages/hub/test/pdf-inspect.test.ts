import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { PDF } from '@libpdf/core';
import type { PdfFaultCode } from '../src/pdf/faults.ts';
import { createPdfInspector } from '../src/pdf/inspect.ts';
import { isRefusal, type PdfInspection, paperFaults } from '../src/pdf/inspection.ts';
import { requirePrograms, runProgramOn } from './pdfPrograms.ts';
import { A4, firstExtra, type PdfSpec, samplePdf, streamObject, writePdf } from './pdfSamples.ts';

const inspector = createPdfInspector({ pagesMax: 20 });
after(() => inspector.close());

const ONE: PdfSpec = { pages: [{}] };

async function accepted(bytes: Buffer): Promise<PdfInspection> {
  const result = await inspector.inspectPdf(bytes);
  assert.ok(!isRefusal(result), JSON.stringify(result));
  return result;
}

async function refused(bytes: Buffer, ...expected: [PdfFaultCode, RegExp][]): Promise<void> {
  const result = await inspector.inspectPdf(bytes);
  assert.ok(isRefusal(result), 'should be refused');
  assert.deepEqual(
    result.faults.map((fault) => fault.code),
    expected.map(([code]) => code),
  );
  for (const [index, [, text]] of expected.entries()) assert.match(result.faults[index]?.text ?? '', text);
}

describe('scenario 1: the intake gate refuses with a code of its own each', () => {
  it('a renamed .docx, a zip, an image, a web page, nothing at all', async () => {
    const zip = (name: string): Buffer =>
      Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), Buffer.from(`xx${name}`)]);
    await refused(zip('word/document.xml'), ['HUB_PDF_NOT_A_PDF', /inte en PDF.*Worddokument/]);
    await refused(zip('a.txt'), ['HUB_PDF_NOT_A_PDF', /zipfil/]);
    await refused(Buffer.from('\u0089PNG\r\n', 'latin1'), ['HUB_PDF_NOT_A_PDF', /bild/]);
    await refused(Buffer.from('<!DOCTYPE html><p>%PDF'), ['HUB_PDF_NOT_A_PDF', /webbsida/]);
    await refused(Buffer.alloc(0), ['HUB_PDF_NOT_A_PDF', /tom/]);
  });

  it('a corrupt one: cut off, no end, converted line ends, a flipped byte in the content', async () => {
    const good = samplePdf({ pages: [{}, {}, {}] });
    await refused(good.subarray(0, good.length / 2), ['HUB_PDF_CORRUPT', /trasig.*objekttabellen/]);
    await refused(good.subarray(0, good.length - 30), ['HUB_PDF_CORRUPT', /trasig/]);
    await refused(Buffer.from(good.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'), [
      'HUB_PDF_CORRUPT',
      /trasig/,
    ]);
    const flipped = Buffer.from(good);
    const at = good.indexOf('stream\n') + 'stream\n'.length + 12;
    flipped.writeUInt8(flipped.readUInt8(at) ^ 0x55, at);
    await refused(flipped, ['HUB_PDF_CORRUPT', /packa upp/]);
    await refused(Buffer.from('%PDF-1.7\nbara text'), ['HUB_PDF_CORRUPT', /trasig/]);
  });

  it('a page tree that lies, loops or is not there', async () => {
    await refused(writePdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']), [
      'HUB_PDF_CORRUPT',
      /anger 1 sidor men har 0/,
    ]);
    await refused(writePdf(['<< /Type /Catalog >>']), ['HUB_PDF_CORRUPT', /sidträdet saknas/]);
    await refused(samplePdf({ pages: [{ mediaBox: '[0 0 0 0]' }] }), ['HUB_PDF_CORRUPT', /sidans mått/]);
  });

  it('one without pages', async () => {
    await refused(samplePdf({ pages: [] }), ['HUB_PDF_NO_PAGES', /inga sidor/]);
  });

  it('one with too many pages or bytes', async () => {
    await refused(samplePdf({ pages: Array.from({ length: 21 }, () => ({})) }), [
      'HUB_PDF_TOO_MANY_PAGES',
      /21, högst 20/,
    ]);
    await refused(Buffer.concat([samplePdf(ONE), Buffer.alloc(2_097_152)]), ['HUB_PDF_TOO_LARGE', /högst 2097152/]);
  });

  it('one that is encrypted, also with an empty user password', async () => {
    for (const userPassword of ['hemligt', '']) {
      const pdf = await PDF.load(samplePdf(ONE));
      pdf.setProtection({ userPassword, ownerPassword: 'ägare' });
      await refused(Buffer.from(await pdf.save()), ['HUB_PDF_ENCRYPTED', /lösenordsskyddad/]);
    }
  });

  it('one that an older program encrypted', async (context) => {
    if (!requirePrograms(context, ['qpdf'])) return;
    for (const bits of ['40', '128']) {
      const options = ['--allow-weak-crypto', '--encrypt', '', 'ägare', bits, '--'];
      await refused(runProgramOn(samplePdf(ONE), 'qpdf', [...options, 'FILE', '-']), [
        'HUB_PDF_ENCRYPTED',
        /krypterad/,
      ]);
    }
  });
});

describe('active content is refused with its kind named', () => {
  const active: [string, PdfSpec, RegExp][] = [
    [
      'JavaScript at opening',
      { ...ONE, catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' },
      /JavaScript/,
    ],
    [
      'named JavaScript',
      { ...ONE, catalog: '/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>' },
      /JavaScript/,
    ],
    [
      'launch from a link',
      {
        pages: [
          { extra: '/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (cmd.exe) >> >>]' },
        ],
      },
      /startar ett program/,
    ],
    [
      'page action that submits',
      { pages: [{ extra: '/AA << /O << /S /SubmitForm /F (http://x) >> >>' }] },
      /skickar formulärdata/,
    ],
    [
      'script behind a chain of actions',
      {
        ...ONE,
        catalog: '/OpenAction << /S /GoTo /D [4 0 R /Fit] /Next [<< /S /JavaScript /JS 6 0 R >>] >>',
        objects: [streamObject('', Buffer.from('x'))],
      },
      /JavaScript/,
    ],
    [
      'XFA form',
      { ...ONE, catalog: '/AcroForm << /Fields [] /XFA 6 0 R >>', objects: [streamObject('', Buffer.from('<x/>'))] },
      /XFA/,
    ],
    [
      'javascript: address',
      {
        pages: [
          {
            extra: '/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI ( JavaScript:x) >> >>]',
          },
        ],
      },
      /länk som kör kod/,
    ],
    [
      'rich media',
      { pages: [{ extra: '/Annots [<< /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] >>]' }] },
      /rikt medieinnehåll/,
    ],
  ];
  for (const [name, spec, text] of active) {
    it(name, async () => refused(samplePdf(spec), ['HUB_PDF_ACTIVE_CONTENT', text]));
  }

  it('an embedded file is named, and allowed where the flow wants it', async () => {
    const pdf = await PDF.load(samplePdf(ONE));
    pdf.addAttachment('faktura.xml', Buffer.from('<a/>'));
    const bytes = Buffer.from(await pdf.save());
    await refused(bytes, ['HUB_PDF_EMBEDDED_FILE', /faktura\.xml/]);
    const lenient = createPdfInspector({ refuseEmbeddedFiles: false });
    assert.equal(isRefusal(await lenient.inspectPdf(bytes)), false);
    await lenient.close();
  });

  it('a web link, a bookmark and a structure element called Launch are harmless', async () => {
    const extra =
      '/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://kommun.example) >> >>]';
    await accepted(
      samplePdf({ pages: [{ extra }], catalog: '/StructTreeRoot << /K << /Type /StructElem /S /Launch >> >>' }),
    );
  });

  it('lists every fault at once', async () => {
    const spec: PdfSpec = { pages: [], catalog: '/OpenAction << /S /JavaScript /JS (x) /Next << /S /Launch >> >>' };
    await refused(
      samplePdf(spec),
      ['HUB_PDF_NO_PAGES', /sidor/],
      ['HUB_PDF_ACTIVE_CONTENT', /JavaScript/],
      ['HUB_PDF_ACTIVE_CONTENT', /program/],
    );
  });
});

describe('scenario 2: what the gate tells about a good PDF', () => {
  it('sizes, rotation, title, language, tags, text', async () => {
    const facts = await accepted(
      samplePdf({
        pages: [{}, { mediaBox: '[0 0 612 792]', rotate: 90 }, { mediaBox: '[0 0 841.89 1190.55]', text: '' }],
        catalog: '/Lang (sv-SE) /MarkInfo << /Marked true >> /StructTreeRoot << /Type /StructTreeRoot >>',
      }),
    );
    assert.equal(facts.pages, 3);
    assert.deepEqual(
      facts.pageSizes.map((size) => [Math.round(size.widthPoints), Math.round(size.heightPoints), size.rotation]),
      [
        [595, 842, 0],
        [612, 792, 90],
        [842, 1191, 0],
      ],
    );
    assert.deepEqual([facts.tagged, facts.language, facts.pagesWithoutText], [true, 'sv-SE', [3]]);
  });

  it('what a page inherits, and a box that does not begin at zero', async () => {
    const facts = await accepted(
      writePdf([
        '<< /Type /Catalog /Pages 2 0 R >>',
        '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [10 20 605.28 861.89] /Rotate -90 /Resources << /Font << /F1 4 0 R >> >> >>',
        '<< /Type /Page /Parent 2 0 R /CropBox [5 20 300 2000] >>',
        '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>',
      ]),
    );
    assert.deepEqual(
      [facts.pageSizes, facts.fontsMissing],
      [[{ widthPoints: 290, heightPoints: 841.89, rotation: 270 }], ['Courier']],
    );
  });

  it('a font that is not embedded may go digitally, not on paper', async () => {
    const facts = await accepted(samplePdf(ONE));
    assert.deepEqual([facts.fontsEmbedded, facts.fontsMissing], [false, ['Helvetica']]);
    const [fault] = paperFaults(facts);
    assert.equal(fault?.code, 'HUB_PDF_FONT_NOT_EMBEDDED');
    assert.match(fault?.text ?? '', /Bädda in alla typsnitt.*Helvetica/);
  });
});

describe('hostile input ends within its limits', () => {
  it('a stream that unpacks to 300 MB', async () => {
    const bomb = streamObject('/Filter /FlateDecode', deflateSync(Buffer.alloc(300_000_000)));
    await refused(samplePdf({ pages: [{ extra: `/Thumb ${firstExtra(1)} 0 R` }], objects: [bomb] }), [
      'HUB_PDF_TOO_COMPLEX',
      /inom rimlig tid/,
    ]);
  });

  it('arrays nested 100 000 deep, and a page tree 5 000 deep', async () => {
    const nested = `/X ${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    await refused(samplePdf({ ...ONE, catalog: nested }), ['HUB_PDF_CORRUPT', /trasig/]);
    const tree = Array.from({ length: 5_000 }, (_, index) => `<< /Type /Pages /Kids [${index + 3} 0 R] /Count 1 >>`);
    await refused(writePdf(['<< /Type /Catalog /Pages 2 0 R >>', ...tree, `<< /Type /Page /MediaBox ${A4} >>`]), [
      'HUB_PDF_CORRUPT',
      /trasig/,
    ]);
  });

  it('random damage: 40 mutated files are all judged within the limits', async () => {
    const good = samplePdf({ pages: [{}, {}], catalog: '/OpenAction << /S /GoTo /D [4 0 R /Fit] >>' });
    const random = generator(20_260_801);
    const results = await Promise.all(Array.from({ length: 40 }, () => inspector.inspectPdf(mutate(good, random))));
    const codes = results.flatMap((result) => (isRefusal(result) ? result.faults.map((fault) => fault.code) : ['ok']));
    const known = ['ok', 'HUB_PDF_CORRUPT', 'HUB_PDF_NOT_A_PDF', 'HUB_PDF_NO_PAGES', 'HUB_PDF_TOO_COMPLEX'];
    assert.deepEqual(
      codes.filter((code) => !known.includes(code)),
      [],
    );
    assert.ok(codes.includes('HUB_PDF_CORRUPT') && codes.includes('ok'), codes.join(' '));
  });

  it('the next letter passes after all that', async () => {
    assert.equal((await accepted(samplePdf(ONE))).pages, 1);
  });
});

function mutate(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = 1 + Math.floor(random() * 8); count > 0; count -= 1) {
    copy.writeUInt8(Math.floor(random() * 256), Math.floor(random() * copy.length));
  }
  return random() < 0.2 ? copy.subarray(0, Math.floor(random() * copy.length)) : copy;
}

/** mulberry32: the same files every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
