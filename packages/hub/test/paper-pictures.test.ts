import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type EnvelopeLayout, type RectangleMm, STANDARD_LAYOUT } from '../src/paper/printLayout.ts';
import type { PrintLetter } from '../src/paper/printSheet.ts';
import { isRefusal } from '../src/pdf/inspection.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { LETTER, PRINT } from './paperPrintSample.ts';
import { requirePrograms, runProgramOn } from './pdfPrograms.ts';

const tools = createPdfTools();
after(() => tools.close());

/** Ten dots a millimetre. */
const DOTS_PER_INCH = 254;
const WHITE_MIN = 250;

/** Poppler's picture of a page, in shades of grey. */
function picture(pdf: Buffer, page: number) {
  const range = ['-f', String(page), '-l', String(page), '-r', String(DOTS_PER_INCH)];
  const pgm = runProgramOn(pdf, 'pdftoppm', ['-gray', ...range, 'FILE']);
  const [head = '', width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 50).toString('latin1')) ?? [];
  const data = pgm.subarray(head.length);
  assert.equal(data.length, Number(width) * Number(height));
  return { data, width: Number(width), height: Number(height) };
}

type Picture = ReturnType<typeof picture>;

/** How many dots of an area are ink, without what lies in another. */
function inkIn({ data, width, height }: Picture, area: RectangleMm, except?: RectangleMm): number {
  let dots = 0;
  const isExcepted = (x: number, y: number) =>
    except !== undefined &&
    x >= except.left * 10 &&
    x < (except.left + except.width) * 10 &&
    y >= except.top * 10 &&
    y < (except.top + except.height) * 10;
  for (let y = Math.round(area.top * 10); y < Math.min(height, Math.round((area.top + area.height) * 10)); y += 1) {
    for (let x = Math.round(area.left * 10); x < Math.min(width, Math.round((area.left + area.width) * 10)); x += 1) {
      if ((data[y * width + x] ?? 0) < WHITE_MIN && !isExcepted(x, y)) dots += 1;
    }
  }
  return dots;
}

function around({ left, top, width, height }: RectangleMm, mm: number): RectangleMm {
  return { left: left - mm, top: top - mm, width: width + 2 * mm, height: height + 2 * mm };
}

/** A Data Matrix needs one module of white around it (ISO/IEC 16022), and stands at the foot of its zone. */
const SYMBOL = { left: 5.5, top: 258.5, width: 8, height: 8 };
const MODULE_MM = 0.4;

function assertPlaces(page: Picture, { kind, window, quietZone }: EnvelopeLayout): void {
  assert.ok(inkIn(page, window) > 1_000, `${kind}: an address in the window`);
  assert.equal(inkIn(page, quietZone, window), 0, `${kind}: nothing in the quiet zone`);
  // The symbol fills its place, so a place reckoned wrong would be seen.
  assert.ok(inkIn(page, { ...SYMBOL, width: MODULE_MM }) > 200, `${kind}: the symbol’s left edge`);
  assert.equal(inkIn(page, around(SYMBOL, MODULE_MM - 0.1), around(SYMBOL, 0.1)), 0, `${kind}: white around the mark`);
  assert.equal(inkIn(page, around(STANDARD_LAYOUT.markZone, 1), STANDARD_LAYOUT.markZone), 0, `${kind}: beside it`);
}

/** A document that carries its own address; lengths are millimetres of A4. */
async function ownDocument(change: { lines?: readonly string[]; left?: number; more?: string; pages?: number } = {}) {
  const { lines = ['Avs: Annan avsändare, Box 1', 'Åsa Öberg', 'STORGATAN 1', '123 45  Ödeshög'] } = change;
  const text = lines.map((line) => `#text(${JSON.stringify(line)})`).join(' \\ ');
  const source = `#set page(margin: 0mm)
#set text(size: 10pt)
#place(top + left, dx: ${change.left ?? 114}mm, dy: 41mm, [${text}])
${change.more ?? ''}
#place(top + left, dx: 25mm, dy: 100mm)[Beslutet i dess helhet. å é ł, "citat"]
${'#pagebreak()\n#place(top + left, dx: 25mm, dy: 30mm)[Nästa sida.]\n'.repeat((change.pages ?? 1) - 1)}`;
  const made = await tools.composeTemplate({
    ...{ source, subject: 'Beslut', sender: LETTER.sender, language: 'sv', date: '2026-11-23', values: {} },
  });
  assert.ok(!isRefusal(made), JSON.stringify(made));
  return made.pdf;
}

const compose = (pdf: Buffer, change: Partial<PrintLetter> = {}) =>
  tools.composePrintPdf({ ...PRINT, attachments: [pdf], firstPage: 'own', ...change });

describe('poppler’s pictures of the first sheet', () => {
  for (const [attachmentPages, envelope] of STANDARD_LAYOUT.envelopes.map(
    (each, n) => [[0, 8, 22][n] ?? 0, each] as const,
  )) {
    it(`${envelope.kind}: the address is wholly in the window; its zone and the mark’s are white`, async (context) => {
      if (!requirePrograms(context, ['pdftoppm'])) return;
      const body = { contentType: 'text/plain', text: 'Mycket text som fyller sidan. '.repeat(60) } as const;
      const attachments = attachmentPages === 0 ? [] : [await ownDocument({ pages: attachmentPages })];
      const address = { ...PRINT.address, careOf: 'Łucja "Lulu" O’Brien', lines: ['Hus B, lgh 1001', 'Storgatan 1'] };
      const made = await compose(Buffer.alloc(0), {
        attachments,
        address,
        letter: { ...LETTER, body },
        firstPage: 'cover',
      });
      assert.ok(!isRefusal(made), JSON.stringify(made));
      assert.equal(made.envelope, envelope.kind);
      assertPlaces(picture(made.pdf, 1), envelope);
    });
  }
});

describe('a document of its own as first page', () => {
  it('goes without our page when its address is the letter’s and stands in the window; the mark is added', async (context) => {
    const document = await ownDocument({ pages: 3 });
    const before = Buffer.from(document);
    const made = await compose(document);
    assert.ok(!isRefusal(made), JSON.stringify(made));
    assert.ok(document.equals(before), 'what goes digitally is not touched');
    assert.deepEqual([made.firstPage, made.sheets, made.pages, made.envelope], ['own', 2, 3, 'E65']);
    if (!requirePrograms(context, ['pdftoppm', 'pdftotext', 'qpdf'])) return;
    runProgramOn(made.pdf, 'qpdf', ['--check', 'FILE']);
    const text = runProgramOn(made.pdf, 'pdftotext', ['-l', '1', 'FILE', '-']).toString();
    assert.match(text, /Beslutet i dess helhet\. å é ł, ["“”]citat["“”]/);
    assert.doesNotMatch(text, /Du har beviljats/, 'the message is for those who read it digitally');
    const [envelope = assert.fail()] = STANDARD_LAYOUT.envelopes;
    assertPlaces(picture(made.pdf, 1), envelope);
  });

  it('is refused by name, or gets our page before it, where something is wrong in the window', async () => {
    const letterhead = '#place(top + left, dx: 104mm, dy: 28mm)[Kommunen]';
    const line = '#place(top + left, dx: 120mm, dy: 62mm, line(length: 40mm))';
    for (const [what, change, expected] of [
      ['no address', { lines: [] }, ['HUB_PRINT_NO_ADDRESS']],
      ['another address', { lines: ['Åsa Öberg', 'Storgatan 2', '123 45 Ödeshög'] }, ['HUB_PRINT_ADDRESS_DIFFERS']],
      [
        'more than a return line',
        { lines: ['A', 'B', 'Åsa Öberg', 'Storgatan 1', '123 45 Ödeshög'] },
        ['HUB_PRINT_ADDRESS_DIFFERS'],
      ],
      ['a letterhead beside it', { more: letterhead }, ['HUB_PRINT_QUIET_ZONE']],
      ['a line below it', { more: line }, ['HUB_PRINT_WINDOW']],
    ] as const) {
      const document = await ownDocument(change);
      const refused = await compose(document);
      assert.ok(isRefusal(refused), what);
      assert.deepEqual(
        refused.faults.map(({ code, page, attachment }) => [code, page, attachment]),
        expected.map((code) => [code, 1, 0]),
        what,
      );
      assert.ok(
        refused.faults.every(({ areas, text }) => areas?.length === 1 && !text.includes('Öberg')),
        what,
      );
      const covered = await compose(document, { firstPage: 'auto' });
      assert.ok(!isRefusal(covered), JSON.stringify(covered));
      assert.deepEqual([covered.firstPage, covered.coverBecause, covered.sheets], ['cover', expected, 2], what);
    }
  });

  it('is judged to the tenth of a millimetre', async () => {
    const bar = (left: number) =>
      `#place(top + left, dx: ${left}mm, dy: 45mm, rect(width: 1mm, height: 2mm, fill: black))`;
    const codes = async (left: number) => {
      const made = await compose(await ownDocument({ more: bar(left) }));
      return isRefusal(made) ? made.faults.map(({ code }) => code) : [];
    };
    // The quiet zone begins at 102 mm.
    assert.deepEqual(await codes(101), []);
    assert.deepEqual(await codes(101.1), ['HUB_PRINT_QUIET_ZONE']);
  });

  it('a letter without a PDF has our page, whatever its flow says', async () => {
    const made = await compose(Buffer.alloc(0), { attachments: [] });
    assert.ok(!isRefusal(made));
    assert.deepEqual([made.firstPage, made.coverBecause], ['cover', undefined]);
  });
});
