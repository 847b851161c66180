import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { POSTCARD } from '../src/paper/postcard.ts';
import type { PrintLetter, PrintSheets } from '../src/paper/printSheet.ts';
import { parseSheetMark } from '../src/paper/sheetMark.ts';
import { isRefusal } from '../src/pdf/inspection.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { DEFAULT_PRICES, paperCost } from '../src/prices.ts';
import { createJobParts } from '../src/printShop/jobTicket.ts';
import { LETTER, PRINT } from './paperPrintSample.ts';
import { matrixIn, requirePrograms, runProgramOn } from './pdfPrograms.ts';
import { samplePdf } from './pdfSamples.ts';

const tools = createPdfTools();
after(() => tools.close());

const CARD: PrintLetter = {
  ...PRINT,
  format: 'postcard',
  address: { ...PRINT.address, name: 'Łucja "Lulu" O’Brien, André Åsénöberg' },
  letter: {
    ...LETTER,
    subject: 'Öppet hus på biblioteket',
    body: { contentType: 'text/html', text: '<p>Välkommen på lördag!</p><ul><li>Sagostund</li><li>Pyssel</li></ul>' },
  },
};

async function cardOf(change: Partial<PrintLetter> = {}): Promise<PrintSheets> {
  const made = await tools.composePrintPdf({ ...CARD, ...change });
  assert.ok(!isRefusal(made), JSON.stringify(made));
  return made;
}

async function codesOf(change: Partial<PrintLetter>): Promise<string[]> {
  const made = await tools.composePrintPdf({ ...CARD, ...change });
  return isRefusal(made) ? made.faults.map(({ code }) => code) : [];
}

describe('a postcard', () => {
  it('has address and mark on the front, the message on the back, and its own size', async (context) => {
    const { pdf, ...facts } = await cardOf();
    assert.deepEqual(facts, { sheets: 1, pages: 2, envelope: 'none', weightGrams: 4, postageStepGrams: 50 });
    if (!requirePrograms(context, ['pdftotext', 'pdfinfo', 'pdftoppm', 'dmtxread'])) return;
    const info = runProgramOn(pdf, 'pdfinfo', ['FILE']).toString();
    assert.match(info, /Title: +Öppet hus på biblioteket/);
    assert.match(info, /Tagged: +yes/);
    assert.match(info, /Page size: +419\.5\d* x 297\.6\d* pts/, 'A6 across');
    const sideOf = (page: string) =>
      runProgramOn(pdf, 'pdftotext', ['-f', page, '-l', page, 'FILE', '-'])
        .toString()
        .split(/\s*\n\s*/);
    const [front, back] = [sideOf('1'), sideOf('2')];
    for (const line of ['Łucja "Lulu" O’Brien, André Åsénöberg', 'Storgatan 1', '123 45 Ödeshög', 'Box 12'])
      assert.ok(front.includes(line), `${line} is on the front: ${front.join('|')}`);
    assert.ok(back.includes('Välkommen på lördag!') && back.includes('Öppet hus på biblioteket'), back.join('|'));
    assert.ok(!front.join().includes('Välkommen') && !back.join().includes('Łucja'), 'each on its own side');
    assert.deepEqual(parseSheetMark(matrixIn(pdf, 1, POSTCARD.markZone)), {
      ...{ letterId: PRINT.letterId, sheet: 1, sheets: 1 },
    });
  });

  it('leaves the stamp’s corner and the sorting machine’s strip white', async (context) => {
    if (!requirePrograms(context, ['pdftoppm'])) return;
    const { pdf } = await cardOf({
      address: { ...CARD.address, careOf: 'Bo', lines: ['Hus B', 'Långa Storgatan 118'] },
    });
    const stamp = { left: POSTCARD.widthMm - 74, top: 0, width: 74, height: 40 };
    const strip = { left: 20, top: POSTCARD.heightMm - 15, width: POSTCARD.widthMm - 20, height: 15 };
    for (const area of [stamp, strip]) assert.equal(inkIn(pdf, area), 0, JSON.stringify(area));
    assert.ok(inkIn(pdf, POSTCARD.address) > 100, 'there is ink where the address is');
  });

  it('that cannot be one is refused with every fault', async () => {
    const long = { ...CARD.letter, body: { contentType: 'text/plain', text: 'Mycket text. '.repeat(300) } } as const;
    assert.deepEqual(await codesOf({ letter: long }), ['HUB_POSTCARD_TOO_LONG']);
    const account = { kind: 'bankgiro', number: '5050-1055' } as const;
    const invoice = { ...CARD.letter, payment: { amount: '1 kr', dueDate: '2026-12-24', account } };
    assert.deepEqual(await codesOf({ letter: invoice }), ['HUB_POSTCARD_ATTACHMENT']);
    const open = { contentType: 'text/plain', text: 'Gäller 19121212-1212' } as const;
    assert.deepEqual(await codesOf({ letter: { ...CARD.letter, body: open } }), ['HUB_POSTCARD_PERSONAL_NUMBER']);
    const address = { ...CARD.address, city: 'Ödeshög 漢' };
    assert.deepEqual(await codesOf({ address, attachments: [samplePdf({ pages: [{}] })] }), [
      ...['HUB_PDF_CHARACTER', 'HUB_POSTCARD_ATTACHMENT'],
    ]);
  });

  it('is a part of its own in the job ticket, on card, and costs no envelope', () => {
    const parts = createJobParts('each');
    const facts = { duplex: true, colour: false, sheets: 1, postageClass: 'economy', unit: 'b', flow: 'f' } as const;
    const more = { pages: 2, weightGrams: 4, postageStepGrams: 50, addressCountry: 'SE' };
    for (const envelope of ['none', 'C5', 'none'] as const) parts.add({ ...facts, ...more, envelope });
    assert.deepEqual(
      parts.parts().map(({ envelope, media, letters }) => [envelope, media.size, media.weight, letters]),
      [
        ['none', 'A6', 250, 2],
        ['C5', 'A4', 90, 1],
      ],
    );
    const costOf = (paperFormat: 'letter' | 'postcard') =>
      paperCost(DEFAULT_PRICES, { postageClass: 'economy', paperFormat }, 1);
    assert.equal(costOf('letter') - costOf('postcard'), DEFAULT_PRICES.envelope);
  });
});

/** Dark dots of the first page within an area, at 150 dots an inch. */
function inkIn(pdf: Buffer, { left, top, width, height }: typeof POSTCARD.address): number {
  const dots = (mm: number) => String(Math.round((mm * 150) / 25.4));
  const place = ['-x', dots(left), '-y', dots(top), '-W', dots(width), '-H', dots(height)];
  const picture = runProgramOn(pdf, 'pdftoppm', ['-gray', '-r', '150', '-f', '1', '-l', '1', ...place, 'FILE']);
  const [head = ''] = /^P5\s+\d+\s+\d+\s+\d+\s/.exec(picture.toString('latin1')) ?? [];
  assert.notEqual(head, '', 'poppler gives a grey picture');
  return picture.subarray(head.length).filter((dot) => dot < 200).length;
}
