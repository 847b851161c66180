import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { black, PDF } from '@libpdf/core';
import { type RectangleMm, STANDARD_LAYOUT } from '../src/paper/printLayout.ts';
import type { PrintLetter, PrintSheets } from '../src/paper/printSheet.ts';
import { parseSheetMark } from '../src/paper/sheetMark.ts';
import { isRefusal } from '../src/pdf/inspection.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { LETTER, PRINT } from './paperPrintSample.ts';
import { matrixIn, requirePrograms, runProgramOn } from './pdfPrograms.ts';
import { type PageSpec, samplePdf } from './pdfSamples.ts';

const tools = createPdfTools();
after(() => tools.close());
const [E65 = assert.fail()] = STANDARD_LAYOUT.envelopes;
const PROGRAMS = ['pdftotext', 'pdffonts', 'pdfinfo', 'qpdf'];

async function print(change: Partial<PrintLetter> = {}): Promise<PrintSheets> {
  const result = await tools.composePrintPdf({ ...PRINT, ...change });
  assert.ok(!isRefusal(result), JSON.stringify(result));
  return result;
}

async function ownAttachment(): Promise<Buffer> {
  const result = await tools.composeTextLetter(LETTER);
  assert.ok(!isRefusal(result));
  return result.pdf;
}

interface Word {
  readonly text: string;
  readonly leftMm: number;
  readonly topMm: number;
  readonly rightMm: number;
  readonly bottomMm: number;
}

function words(pdf: Buffer, page: number): Word[] {
  const html = runProgramOn(pdf, 'pdftotext', [
    '-bbox',
    '-f',
    String(page),
    '-l',
    String(page),
    'FILE',
    '-',
  ]).toString();
  const pattern = /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<\/word>/g;
  return [...html.matchAll(pattern)].map(([, left, top, right, bottom, text]) => ({
    text: (text ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&apos;', "'"),
    leftMm: toMm(left),
    topMm: toMm(top),
    rightMm: toMm(right),
    bottomMm: toMm(bottom),
  }));
}

function toMm(points: string | undefined): number {
  return (Number(points) * 25.4) / 72;
}

function inside(word: Word, area: RectangleMm): boolean {
  return (
    word.leftMm >= area.left &&
    word.topMm >= area.top &&
    word.rightMm <= area.left + area.width &&
    word.bottomMm <= area.top + area.height
  );
}

function touches(word: Word, area: RectangleMm): boolean {
  const apart =
    word.rightMm < area.left ||
    word.leftMm > area.left + area.width ||
    word.bottomMm < area.top ||
    word.topMm > area.top + area.height;
  return !apart;
}

const LONG_ADDRESS: PrintLetter['address'] = {
  name: 'Łucja "Lulu" O’Brien, André Åsénöberg',
  careOf: 'Bergström-Wennerholm',
  lines: ['Hus B', 'Södra Långa Storgatan 118 lgh 1001'],
  postalCode: '00-950',
  city: 'Ödeshög',
  country: 'PL',
};

describe('scenario 4: the address stands in the window, and nothing else does', () => {
  for (const [name, address, expected] of [
    ['three lines', PRINT.address, 'Åsa Öberg Storgatan 1 123 45 Ödeshög'],
    [
      'six lines, foreign, å é ł, comma and quote',
      LONG_ADDRESS,
      'Łucja "Lulu" O’Brien, André Åsénöberg c/o Bergström-Wennerholm Hus B Södra Långa Storgatan 118 lgh 1001 00-950 Ödeshög POLAND',
    ],
  ] as const) {
    it(name, async (context) => {
      if (!requirePrograms(context, PROGRAMS)) return;
      const body = { contentType: 'text/plain', text: 'Mycket text som fyller sidan. '.repeat(200) } as const;
      const { pdf } = await print({
        address,
        letter: { ...LETTER, subject: `${'Ett långt ärende '.repeat(12)}`, body },
      });
      const all = words(pdf, 1);
      const shown = all.filter((word) => inside(word, E65.window));
      assert.equal(
        shown.map((word) => word.text).join(' '),
        `Avs: Provköpings kommun, Box 12, 120 01 Provköping ${expected}`,
      );
      assert.deepEqual(
        all.filter((word) => touches(word, E65.quietZone)),
        shown,
      );
    });
  }

  it('a line too wide for the window, or with letters the font lacks, is refused by name', async () => {
    const wide = await tools.composePrintPdf({ ...PRINT, address: { ...PRINT.address, name: 'W'.repeat(60) } });
    assert.ok(isRefusal(wide));
    assert.deepEqual(
      wide.faults.map((fault) => fault.code),
      ['HUB_PDF_ADDRESS_TOO_WIDE'],
    );
    assert.match(wide.faults[0]?.text ?? '', /för lång för kuvertets fönster.*WWW/);
    const arabic = await tools.composePrintPdf({ ...PRINT, address: { ...PRINT.address, name: 'محمد' } });
    assert.ok(isRefusal(arabic));
    assert.equal(arabic.faults[0]?.code, 'HUB_PDF_CHARACTER');
  });
});

describe('the print file', () => {
  it('is A4, valid, tagged, with title, language and all fonts', async (context) => {
    if (!requirePrograms(context, PROGRAMS)) return;
    const { pdf } = await print({ attachments: [await ownAttachment()] });
    runProgramOn(pdf, 'qpdf', ['--check', 'FILE']);
    const info = runProgramOn(pdf, 'pdfinfo', ['FILE']).toString();
    assert.match(info, /Title: +Beslut om färdtjänst/);
    assert.match(info, /Tagged: +yes/);
    const fonts = runProgramOn(pdf, 'pdffonts', ['FILE']).toString().trim().split('\n').slice(2);
    assert.ok(fonts.length > 2 && fonts.every((font) => / yes yes yes /.test(font)), fonts.join('\n'));
    const facts = await tools.inspectPdf(pdf);
    assert.ok(!isRefusal(facts), JSON.stringify(facts));
    assert.equal(facts.language?.slice(0, 2), 'sv');
  });

  it('each attachment begins on a new sheet; the mark tells letter and sheet on every front', async (context) => {
    if (!requirePrograms(context, PROGRAMS)) return;
    const odd = samplePdf({ pages: [{ text: 'bilaga1a' }, { text: 'bilaga1b' }, { text: 'bilaga1c' }] });
    const result = await print({
      attachments: [odd, samplePdf({ pages: [{ text: 'bilaga2' }] })],
      fontsMustBeEmbedded: false,
    });
    assert.deepEqual([result.sheets, result.pages], [4, 5]);
    const pages = Array.from({ length: 8 }, (_, index) =>
      words(result.pdf, index + 1)
        .map((word) => word.text)
        .sort(),
    );
    const marked = (sheet: number): string[] => [PRINT.letterId, 'blad', `${sheet}/4`];
    assert.deepEqual(
      pages.slice(1),
      [[], ['bilaga1a', ...marked(2)], ['bilaga1b'], ['bilaga1c', ...marked(3)], [], ['bilaga2', ...marked(4)], []].map(
        (page) => page.sort(),
      ),
    );
    assert.ok(marked(1).every((part) => pages[0]?.includes(part)));
  });

  it('one-sided: a sheet a page, no blank ones', async () => {
    const attachments = [samplePdf({ pages: [{}, {}, {}] })];
    const result = await print({ attachments, duplex: false, fontsMustBeEmbedded: false });
    assert.deepEqual([result.sheets, result.pages], [4, 4]);
  });

  it('lists everything that keeps a letter from paper at once', async () => {
    const attachments = [samplePdf({ pages: Array.from({ length: 21 }, () => ({})) }), Buffer.from('%PDF-1.7 trasig')];
    const result = await tools.composePrintPdf({ ...PRINT, attachments, sheetsMax: 10 });
    assert.ok(isRefusal(result));
    assert.deepEqual(
      result.faults.map((fault) => [fault.code, fault.attachment]),
      [
        ['HUB_PDF_FONT_NOT_EMBEDDED', 0],
        ['HUB_PDF_CORRUPT', 1],
        ['HUB_PDF_TOO_MANY_SHEETS', undefined],
      ],
    );
    assert.match(result.faults[2]?.text ?? '', /12 blad, högst 10/);
  });
});

describe('the sheet mark on paper', () => {
  it('is read on every front, and only there, by a reader that is not ours', async (context) => {
    if (!requirePrograms(context, [...PROGRAMS, 'pdftoppm', 'dmtxread'])) return;
    const attachments = [samplePdf({ pages: [{}, {}, { mediaBox: '[0 0 841.89 595.28]' }] }), await ownAttachment()];
    const body = { contentType: 'text/plain', text: 'Mycket text som fyller sidan. '.repeat(300) } as const;
    for (const duplex of [true, false]) {
      const letter = { ...LETTER, body };
      const { pdf, sheets } = await print({ attachments, letter, duplex, fontsMustBeEmbedded: false });
      const pages = duplex ? sheets * 2 : sheets;
      for (let page = 1; page <= pages; page += 1) {
        const isFront = !duplex || page % 2 === 1;
        const sheet = duplex ? (page + 1) / 2 : page;
        const expected = isFront ? { letterId: PRINT.letterId, sheet, sheets } : undefined;
        assert.deepEqual(
          parseSheetMark(matrixIn(pdf, page, STANDARD_LAYOUT.markZone)),
          expected,
          `page ${page} of ${pages}`,
        );
      }
    }
  });

  it('stands alone in its zone, and the zone lies beside every fold', () => {
    const { markZone } = STANDARD_LAYOUT;
    for (const fold of [99, 148.5, 198])
      assert.ok(fold < markZone.top || fold > markZone.top + markZone.height, `a fold at ${fold}`);
  });
});

describe('scenario 3: nothing stands in the margin or where the sheet mark is', () => {
  const POINTS = 72 / 25.4;
  /** A PDF with a black rectangle on its first pages, in millimetres from the upper left corner. */
  const inked = async (left: number, top: number, width: number, height: number, pages = 1, onPage = 0) => {
    const pdf = PDF.create();
    for (let page = 0; page < pages; page += 1) pdf.addPage({ width: 595.276, height: 841.89 });
    pdf.getPage(onPage)?.drawRectangle({
      ...{ x: left * POINTS, y: 841.89 - (top + height) * POINTS, width: width * POINTS, height: height * POINTS },
      color: black,
    });
    return Buffer.from(await pdf.save());
  };
  const judged = async (pdf: Buffer, change: Partial<PrintLetter> = {}) => {
    const result = await tools.composePrintPdf({ ...PRINT, ...change, attachments: [pdf] });
    return isRefusal(result) ? result.faults.map(({ code, page }) => `${code} ${page}`) : [];
  };

  it('judged exactly at the limit', async () => {
    // The zone: 5–14 mm from the left, 205–267 from the top. The margin: 4 mm.
    for (const [place, expected] of [
      [[14, 200, 100, 80], []],
      [[13.9, 200, 100, 80], ['HUB_PRINT_MARK_ZONE 1']],
      [[6, 150, 5, 55], []],
      [[6, 150, 5, 55.1], ['HUB_PRINT_MARK_ZONE 1']],
      [[20, 4, 150, 30], []],
      [[20, 3.9, 150, 30], ['HUB_PRINT_MARGIN 1']],
      [[4, 100, 202, 50], []],
      [[4, 100, 202.1, 50], ['HUB_PRINT_MARGIN 1']],
      [
        [0, 0, 210, 297],
        ['HUB_PRINT_MARGIN 1', 'HUB_PRINT_MARK_ZONE 1'],
      ],
    ] as const) {
      const [left, top, width, height] = place;
      assert.deepEqual(await judged(await inked(left, top, width, height)), expected, String(place));
    }
  });

  it('backs have no mark, every page has margins, and a layout may leave the margin unjudged', async () => {
    const onBack = await inked(0, 210, 30, 10, 2, 1);
    assert.deepEqual(await judged(onBack), ['HUB_PRINT_MARGIN 2']);
    assert.deepEqual(await judged(onBack, { duplex: false }), ['HUB_PRINT_MARGIN 2', 'HUB_PRINT_MARK_ZONE 2']);
    assert.deepEqual(await judged(onBack, { layout: { ...STANDARD_LAYOUT, marginMm: 0 } }), []);
    const told = await tools.composePrintPdf({ ...PRINT, attachments: [onBack] });
    assert.ok(isRefusal(told));
    const text = 'Innehåll ligger i marginalen, dit skrivaren inte når. (sidan 2)';
    const [{ areas = [], ...fault } = assert.fail()] = told.faults;
    assert.deepEqual([fault, told.faults.length], [{ code: 'HUB_PRINT_MARGIN', text, page: 2, attachment: 0 }, 1]);
    const [area = assert.fail()] = areas;
    const expected = { left: 0, top: 210, width: 4, height: 10 };
    for (const side of ['left', 'top', 'width', 'height'] as const)
      assert.ok(Math.abs(area[side] - expected[side]) <= 0.3, `the ink's ${side}: ${area[side]}`);
  });
});

describe('tags', () => {
  it('of a tagged attachment stand in the print file, under a part of their own', async (context) => {
    if (!requirePrograms(context, PROGRAMS)) return;
    const made = await tools.composeTextLetter({ ...LETTER, subject: 'The annex', language: 'en' });
    assert.ok(!isRefusal(made));
    const { pdf } = await print({ attachments: [made.pdf, samplePdf({ pages: [{}] })], fontsMustBeEmbedded: false });
    const structure = runProgramOn(pdf, 'pdfinfo', ['-struct-text', 'FILE']).toString();
    assert.match(structure, /Part[\s\S]*H1[\s\S]*Beslut om färdtjänst[\s\S]*Part[\s\S]*H1[\s\S]*The annex/);
    assert.doesNotMatch(structure, /blad 1/, 'the mark is not read aloud');
    runProgramOn(pdf, 'qpdf', ['--check', 'FILE']);
  });
});

describe('the envelope', () => {
  it('is the smallest that takes the sheets, and the weight gives the postage', async () => {
    const sheets = (count: number) => [samplePdf({ pages: Array.from({ length: count }, () => ({})) })];
    for (const [pages, envelope, weightGrams, postageStepGrams] of [
      [2, 'E65', 20, 50],
      [3, 'C5', 27, 50],
      [9, 'C5', 57, 100],
      [10, 'C4', 75, 100],
      [49, 'C4', 270, 500],
    ] as const) {
      const result = await print({ attachments: sheets(pages), duplex: false, fontsMustBeEmbedded: false });
      const { pdf: _, ...facts } = result;
      const counted = { sheets: pages + 1, pages: pages + 1, envelope, weightGrams, postageStepGrams };
      assert.deepEqual(facts, { firstPage: 'cover', ...counted });
    }
    const over = await tools.composePrintPdf({
      ...PRINT,
      attachments: sheets(50),
      duplex: false,
      fontsMustBeEmbedded: false,
    });
    assert.ok(isRefusal(over));
    assert.deepEqual(
      over.faults.map(({ code, text }) => [code, text]),
      [['HUB_PDF_TOO_MANY_SHEETS', 'Brevet har fler blad än kuvertet rymmer. (51 blad, högst 50)']],
    );
  });
});

/** Pages of every size, wherever their text comes to stand. */
const UNJUDGED = { ...STANDARD_LAYOUT, marginMm: 0, markZone: { ...STANDARD_LAYOUT.markZone, left: 201 } };

describe('scenario 2: pages of other sizes are put right', () => {
  /** Where a word at (72, 500) of the page lands, reckoned by hand from box, scale 595/width and turn. */
  const cases: [string, PageSpec, { left: number; top: number }][] = [
    ['A4 stays', {}, { left: 25.4, top: 113 }],
    ['Letter shrinks', { mediaBox: '[0 0 612 792]' }, { left: 24.7, top: 106 }],
    ['A3 shrinks to 71 %', { mediaBox: '[0 0 841.89 1190.55]' }, { left: 18, top: 168 }],
    ['A5 is centred, not enlarged', { mediaBox: '[0 0 419.53 595.28]' }, { left: 56.4, top: 70 }],
    ['an offset box counts from its corner', { mediaBox: '[50 400 645.28 1241.89]' }, { left: 7.8, top: 254 }],
    ['upside down', { rotate: 180 }, { left: 171, top: 174 }],
    ['landscape turns its top to the left', { mediaBox: '[0 0 841.89 595.28]' }, { left: 26, top: 258 }],
    ['landscape by /Rotate is upright A4 again', { rotate: 90 }, { left: 25.4, top: 113 }],
    ['a wide page shown upright by /Rotate', { mediaBox: '[0 0 841.89 595.28]', rotate: 90 }, { left: 174, top: 25 }],
  ];
  it('each lands where it should', async (context) => {
    if (!requirePrograms(context, PROGRAMS)) return;
    const attachment = samplePdf({ pages: cases.map(([, page]) => ({ ...page, text: 'HIT' })) });
    const { pdf } = await print({ attachments: [attachment], fontsMustBeEmbedded: false, layout: UNJUDGED });
    const info = runProgramOn(pdf, 'pdfinfo', ['-l', '20', 'FILE']).toString();
    assert.equal([...info.matchAll(/size: +595\.27?\d* x 841\.8\d* pts/g)].length, 12, info);
    assert.doesNotMatch(info, /rot: +[1-9]/);
    cases.forEach(([name, , expected], index) => {
      const word = words(pdf, index + 3).find((each) => each.text === 'HIT');
      assert.ok(word !== undefined, `${name}: the word is gone`);
      const found = { left: Math.round(word.leftMm), top: Math.round(word.topMm) };
      assert.ok(
        Math.abs(found.left - expected.left) <= 2 && Math.abs(found.top - expected.top) <= 2,
        `${name}: ${JSON.stringify(found)}`,
      );
    });
  });

  it('what a page inherits comes along, and form fields become ink', async (context) => {
    if (!requirePrograms(context, PROGRAMS)) return;
    const form = PDF.create();
    form.addPage({ size: 'a4' });
    const field = form.getOrCreateForm().createTextField('namn', { defaultValue: 'Ifyllt' });
    form.getPage(0)?.drawField(field, { x: 100, y: 600, width: 200, height: 30 });
    const { pdf } = await print({ attachments: [Buffer.from(await form.save())], fontsMustBeEmbedded: false });
    assert.ok(words(pdf, 3).some((word) => word.text === 'Ifyllt'));
    assert.match(runProgramOn(pdf, 'pdfinfo', ['FILE']).toString(), /Form: +none/);
  });
});
