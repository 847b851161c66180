import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { createPdfComposer } from '../src/pdf/compose.ts';
import { isRefusal } from '../src/pdf/inspection.ts';
import type { LetterBody, LetterStandard } from '../src/pdf/letter.ts';
import { documentNames, type TemplateLetter } from '../src/pdf/templateLetter.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { letterContent } from '../src/pdf/worker/letterBlocks.ts';
import { LETTER } from './paperPrintSample.ts';
import { requirePrograms, runProgramOn } from './pdfPrograms.ts';

const tools = createPdfTools();
after(() => tools.close());
const PROGRAMS = ['pdftotext', 'pdffonts', 'pdfinfo', 'qpdf'];

async function compose(body: LetterBody, standard?: LetterStandard): Promise<Buffer> {
  const result = await tools.composeTextLetter({ ...LETTER, body }, standard);
  assert.ok(!isRefusal(result), JSON.stringify(result));
  return result.pdf;
}

function plain(text: string): LetterBody {
  return { contentType: 'text/plain', text };
}

function textOf(pdf: Buffer): string {
  return runProgramOn(pdf, 'pdftotext', ['-layout', 'FILE', '-']).toString();
}

describe('a text letter as PDF', () => {
  it('keeps every line of a text with very many', () => {
    const lines = 200_000;
    const text = `<pre>rad${'\nrad'.repeat(lines)}</pre>`;
    const [block] = letterContent({ contentType: 'text/html', text }).blocks;
    assert.ok(block?.kind === 'paragraph');
    assert.equal(block.inlines.filter(({ kind }) => kind === 'break').length, lines);
  });

  for (const [standard, claim] of [
    ['a-2a', 'PDF/A-2a'],
    ['ua-1', 'PDF/UA-1'],
  ] as const) {
    it(`is tagged, names its language and title, brings its fonts, claims ${claim}`, async (context) => {
      const pdf = await compose(plain('Hej å ä ö é ł'), standard);
      const facts = await tools.inspectPdf(pdf);
      assert.ok(!isRefusal(facts), JSON.stringify(facts));
      assert.deepEqual(
        [facts.tagged, facts.language?.slice(0, 2), facts.title, facts.fontsEmbedded, facts.claims],
        [true, 'sv', LETTER.subject, true, [claim]],
      );
      if (!requirePrograms(context, PROGRAMS)) return;
      runProgramOn(pdf, 'qpdf', ['--check', 'FILE']);
      const info = runProgramOn(pdf, 'pdfinfo', ['FILE']).toString();
      assert.match(info, /Title: +Beslut om färdtjänst/);
      assert.match(info, /Tagged: +yes/);
      assert.match(info, /A4/);
      const fonts = runProgramOn(pdf, 'pdffonts', ['FILE']).toString().trim().split('\n').slice(2);
      assert.ok(fonts.length > 0 && fonts.every((font) => /SourceSans3.* yes yes yes /.test(font)), fonts.join('\n'));
    });
  }

  it('that is an invoice says what is to be paid, in the letter’s language', async (context) => {
    const payment = {
      ...{ amount: '1\u00a0234,50\u00a0kr', dueDate: '2026-12-24' },
      account: { kind: 'bankgiro', number: '5050-1055' },
      reference: { kind: 'message', text: '#hyra maj' },
    } as const;
    if (!requirePrograms(context, PROGRAMS)) return;
    for (const [language, says] of [
      [
        'svSE',
        /Att betala\s+Belopp\s+1.234,50.kr\s+Betalas senast\s+2026-12-24\s+Bankgiro\s+5050-1055\s+Meddelande\s+#hyra maj/,
      ],
      ['en', /To pay\s+Amount\s+1.234,50.kr\s+Pay by\s+2026-12-24/],
    ] as const) {
      const composed = await tools.composeTextLetter({ ...LETTER, language, payment });
      assert.ok(!isRefusal(composed), JSON.stringify(composed));
      assert.match(textOf(composed.pdf), says);
    }
  });

  it('the same letter gives the same bytes', async () => {
    assert.deepEqual(await compose(plain('Hej')), await compose(plain('Hej')));
  });

  it('no text is ever markup of the typesetter', async (context) => {
    if (!requirePrograms(context, PROGRAMS)) return;
    const hostile =
      '#read("/etc/passwd") #panic("x") ] [ $x^2$ ` *fet* _kursiv_ = rubrik @ref <etikett> \\ // /* #import "x" {"a":1} \\u{41}';
    const html = `<p>${hostile.replaceAll('<', '&lt;')}</p>`;
    for (const body of [plain(hostile), { contentType: 'text/html', text: html } as const]) {
      const shown = textOf(await compose(body)).replace(/\s+/g, ' ');
      assert.ok(shown.includes(hostile.replace(/\s+/g, ' ')), shown);
      assert.doesNotMatch(shown, /root:/);
    }
    const sender = { name: '#read("/etc/hostname")', unit: '$', support: { text: '#panic()' } };
    const result = await tools.composeTextLetter({ ...LETTER, subject: '#sys.inputs ]', reference: '`#x', sender });
    assert.ok(!isRefusal(result), JSON.stringify(result));
    for (const part of ['#read("/etc/hostname")', '#sys.inputs ]', '`#x', '#panic()'])
      assert.ok(textOf(result.pdf).includes(part), part);
  });

  it('keeps Nordic, Polish, Greek and Cyrillic letters, composes accents, puts a sign for an emoji', async (context) => {
    if (!requirePrograms(context, PROGRAMS)) return;
    const shown = textOf(await compose(plain('åäö ÅÄÖ é ł Ž ŋ Ω Ж a\u030a 😀 👨‍👩‍👧 🇸🇪 ✅ slut')));
    assert.match(shown, /åäö ÅÄÖ é ł Ž ŋ Ω Ж å ☺ □ □ ✓ slut/);
  });

  it('refuses letters that it cannot show, and names them', async () => {
    const result = await tools.composeTextLetter({ ...LETTER, body: plain('Hej السلام') });
    assert.ok(isRefusal(result));
    assert.deepEqual(
      result.faults.map((fault) => fault.code),
      ['HUB_PDF_CHARACTER'],
    );
    assert.match(result.faults[0]?.text ?? '', /tecken som inte kan skrivas ut.*ا/);
  });

  it('refuses a message beyond all measure', async () => {
    const result = await tools.composeTextLetter({ ...LETTER, body: plain('x'.repeat(400_001)) });
    assert.ok(isRefusal(result));
    assert.deepEqual(result.faults, [{ code: 'HUB_PDF_TEXT_TOO_LONG', text: 'Brevtexten är för lång.' }]);
  });

  it('sets HTML: headings, lists, tables, links and inline pictures; nothing is fetched or run', async (context) => {
    if (!requirePrograms(context, PROGRAMS)) return;
    const picture = readFileSync(
      createRequire(import.meta.url).resolve(
        '@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf.png',
      ),
    );
    const html = `<h1>Rubrik</h1><p>En <b>fet</b> <a href="https://kommun.example">länk</a><br>ny rad</p><script>kod()</script>
      <ul><li>ett<ol><li>två</ol></ul><table><tr><th>År<th>Kr</tr><tr><td colspan=2>2026</table>
      <img alt="Bilden" src="data:image/png;base64,${picture.toString('base64')}"><img alt="Utifrån" src="file:///etc/passwd">`;
    const pdf = await compose({ contentType: 'text/html', text: html }, 'ua-1');
    const shown = textOf(pdf);
    for (const part of ['Rubrik', 'En fet länk', 'ny rad', '• ett', '1. två', 'År', '2026', '[Utifrån]'])
      assert.ok(shown.includes(part), `${part}\n${shown}`);
    assert.doesNotMatch(shown, /kod\(\)|root:/);
    assert.match(runProgramOn(pdf, 'pdfimages', ['-list', 'FILE']).toString(), /\bimage\b/);
    const roles = runProgramOn(pdf, 'pdfinfo', ['-struct', 'FILE']).toString();
    for (const role of ['H1', 'H2', 'L ', 'Table', 'TH', 'Figure', 'Link'])
      assert.match(roles, new RegExp(`\\b${role}`), role);
  });

  it('refuses a picture that cannot be read', async () => {
    const body = { contentType: 'text/html', text: '<p>Hej<img alt="x" src="data:image/png;base64,AAAA">' } as const;
    const result = await tools.composeTextLetter({ ...LETTER, body });
    assert.ok(isRefusal(result));
    assert.deepEqual(
      result.faults.map((fault) => fault.code),
      ['HUB_PDF_IMAGE'],
    );
    assert.match(result.faults[0]?.text ?? '', /bild i brevtexten kan inte läsas/);
  });

  it('deep and broken HTML ends well', async () => {
    await compose({ contentType: 'text/html', text: `${'<ul><li>'.repeat(500)}djupt` });
    await compose({
      contentType: 'text/html',
      text: '<table><tr></table><p><b>öppen<img src="data:image/png;base64,">',
    });
    await compose({ contentType: 'text/html', text: '' });
  });
});

const TEMPLATE: TemplateLetter = {
  source:
    '#import "/brevduva.typ": letter, value\n#show: letter\nHej #value("Namn")! #value("Våning", default: "okänd")\n',
  subject: 'Skola för Åke & Örjan',
  sender: { name: 'Lillköpings kommun', unit: 'Barn- och utbildning', support: { text: 'Ring växeln.' } },
  language: 'svSE',
  date: '2026-11-23',
  reference: 'D-17',
  values: { namn: '#panic() *Åke* $x$' },
};
const typeset = (changes: Partial<TemplateLetter>) => tools.composeTemplate({ ...TEMPLATE, ...changes });

describe('an organisation’s template', () => {
  it('makes a tagged PDF/A-2a with language and title; values are text, never markup', async (context) => {
    const result = await typeset({});
    assert.ok(!isRefusal(result), JSON.stringify(result));
    const inspected = await tools.inspectPdf(result.pdf);
    assert.ok(!isRefusal(inspected));
    const { tagged, language, title, claims, fontsEmbedded } = inspected;
    assert.deepEqual(
      { tagged, language, title, claims, fontsEmbedded, pages: result.pages },
      {
        ...{ tagged: true, language: 'sv-SE', title: TEMPLATE.subject },
        claims: ['PDF/A-2a'],
        fontsEmbedded: true,
        pages: 1,
      },
    );
    const again = await typeset({});
    assert.ok(!isRefusal(again) && again.pdf.equals(result.pdf), 'the same letter gives the same bytes');
    if (!requirePrograms(context, PROGRAMS)) return;
    const text = textOf(result.pdf);
    for (const part of [
      'Hej #panic() *Åke* $x$! okänd',
      'Lillköpings kommun',
      'Datum: 2026-11-23',
      'Referens: D-17',
      'Ring växeln.',
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
  });

  it('tells a fault by line and message', async () => {
    const source = '= Hej\n\n#valeus("Namn")\n';
    assert.deepEqual(await typeset({ source }), {
      faults: [{ code: 'HUB_TEMPLATE_FAULT', text: 'Mallens dokument har ett fel. (rad 3: unknown variable: valeus)' }],
    });
  });

  for (const [what, source, code, found] of [
    [
      'a value that is missing',
      '#import "/brevduva.typ": value\n\n#value("Skola")',
      'HUB_TEMPLATE_VALUE',
      'rad 3: Skola',
    ],
    ['a file of the computer', '#read("/etc/passwd")', 'HUB_TEMPLATE_FILE', 'rad 1'],
    ['a file outside the folder', '#read("../../../etc/passwd")', 'HUB_TEMPLATE_FILE', 'rad 1'],
    [
      'a file by an SVG',
      `#image(bytes("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='file:///etc/passwd' width='5' height='5'/></svg>"), alt: "x")`,
      'HUB_TEMPLATE_FILE',
      'rad 1',
    ],
    ['a package', '#import "@preview/tablex:0.0.8": *', 'HUB_TEMPLATE_PACKAGE', 'rad 1'],
    ['a package by a made name', '#import "@" + "preview/tablex:0.0.8": *', 'HUB_TEMPLATE_PACKAGE', 'rad 1'],
    ['a loop without end', '#while true {}', 'HUB_TEMPLATE_FAULT', 'rad 1: condition is always true'],
    [
      'itself without end',
      '#let f(n) = f(n + 1)\n#f(1)',
      'HUB_TEMPLATE_FAULT',
      'rad 1: maximum function call depth exceeded',
    ],
    [
      'pictures without alternative text',
      "#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\"))",
      'HUB_TEMPLATE_FAULT',
      'PDF/A-2a error: missing alt text; make sure your images and equations have alt text',
    ],
    ['pages without end', '#for n in range(60) [Sida #n #pagebreak()]', 'HUB_TEMPLATE_PAGES', '61'],
  ] as const) {
    it(`that asks for ${what} is refused with a fault of its own`, async () => {
      const result = await typeset({ source });
      assert.ok(isRefusal(result), 'it should be refused');
      assert.deepEqual(
        result.faults.map((each) => [each.code, /\((.*)\)$/s.exec(each.text)?.[1]]),
        [[code, found]],
      );
    });
  }

  it('that takes all time or all memory ends, and the next is made', async () => {
    const hasty = createPdfComposer({ jobTimeMs: 2_500 });
    const source = '#{ for i in range(100000) { for j in range(100000) { let k = i * j } } }';
    const slow = await hasty.composeTemplate({ ...TEMPLATE, source });
    assert.deepEqual(isRefusal(slow) && slow.faults.map(({ code }) => code), ['HUB_TEMPLATE_SLOW']);
    await hasty.close();
    const huge = await typeset({
      source: '#let a = range(100000)\n#let f(n) = { let b = a; for i in range(n) { b = b + b }; b.len() }\n#f(16)',
    });
    assert.deepEqual(isRefusal(huge) && huge.faults.map(({ code }) => code), ['HUB_TEMPLATE_MEMORY']);
    assert.ok(!isRefusal(await typeset({})));
  });

  it('never calls the network: its client has a proxy that nobody can reach', async () => {
    const calls: string[] = [];
    const proxy = createServer((request) => calls.push(request.url ?? '')).on('connect', (request) =>
      calls.push(request.url ?? ''),
    );
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    // Were the environment of our process inherited, this is where the call would come.
    const before = process.env['HTTPS_PROXY'];
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${port}`;
    const composer = createPdfComposer();
    const result = await composer.composeTemplate({ ...TEMPLATE, source: '#import "@preview/cetz:0.3.0"' });
    if (before === undefined) delete process.env['HTTPS_PROXY'];
    else process.env['HTTPS_PROXY'] = before;
    await composer.close();
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
    assert.deepEqual(isRefusal(result) && result.faults.map(({ code }) => code), ['HUB_TEMPLATE_PACKAGE']);
    assert.deepEqual(calls, []);
  });

  it('names the values it asks for', () => {
    const source =
      '#value("Namn") #value("Våning", default: "") // #value("Bort")\n/* #value("Också") */ https://x.se #value( "Namn" )';
    assert.deepEqual(documentNames(source), [
      { name: 'Namn', isOptional: false },
      { name: 'Våning', isOptional: true },
    ]);
  });
});
