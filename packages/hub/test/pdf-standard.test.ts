import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createPrintFile } from '../src/paper/printFile.ts';
import type { PrintLetter } from '../src/paper/printSheet.ts';
import { isRefusal } from '../src/pdf/inspection.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { LETTER, PRINT } from './paperPrintSample.ts';

const tools = createPdfTools();
after(() => tools.close());

const HTML = `<h1>Rubrik</h1><p>En <b>fet</b> <a href="https://kommun.example">länk</a><br>ny rad å é ł</p>
<ul><li>ett<ol><li>två</ol></ul><table><tr><th>År<th>Kr</tr><tr><td>2026<td>12</table>`;
const RICH = { ...LETTER, body: { contentType: 'text/html', text: HTML } } as const;
const PAYMENT = {
  ...{ amount: '1 234,50 kr', dueDate: '2026-12-24' },
  account: { kind: 'bankgiro', number: '5050-1055' },
  reference: { kind: 'message', text: 'hyra' },
} as const;
const TEMPLATE = {
  source: `#import "/brevduva.typ": letter, value
#show: letter
Hej #value("Namn")!

== Tider
#table(columns: 2, table.header([Dag], [Tid]), [måndag], [8–16])`,
  ...{ subject: 'Skolval', sender: LETTER.sender, language: 'svSE', date: '2026-11-23', values: { namn: 'Åke' } },
};

/** Each clause that veraPDF finds broken, as `6.6.4-1`, by the file's name and the standard it was held against. */
type Verdicts = Record<string, string[]>;

const FOLDER = fileURLToPath(new URL('../../../.cache/verapdf/', import.meta.url));

/** One start of Java for all files that are held against the same standard. */
function judge(archive: string, standard: '2a' | 'ua1', pdfs: Readonly<Record<string, Buffer>>): Verdicts {
  const folder = mkdtempSync(join(tmpdir(), 'brevduva-verapdf-'));
  try {
    const files = Object.entries(pdfs).map(([name, pdf]) => {
      writeFileSync(join(folder, `${name}.pdf`), pdf);
      return join(folder, `${name}.pdf`);
    });
    const words = ['-XX:TieredStopAtLevel=1', '-cp', archive, 'org.verapdf.apps.GreenfieldCliWrapper'];
    const { stdout, error } = spawnSync('java', [...words, '-f', standard, '--format', 'json', ...files], {
      maxBuffer: 64 * 1024 * 1024,
    });
    if (error !== undefined) throw error;
    return verdictsIn(stdout.toString());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Report {
  readonly report: { readonly jobs: readonly Job[] };
}
interface Job {
  readonly itemDetails: { readonly name: string };
  readonly validationResult?: readonly {
    readonly compliant: boolean;
    readonly details: { readonly ruleSummaries: readonly { readonly clause: string; readonly testNumber: number }[] };
  }[];
}

function verdictsIn(json: string): Verdicts {
  const { jobs } = (JSON.parse(json) as Report).report;
  return Object.fromEntries(
    jobs.map(({ itemDetails, validationResult }) => {
      const [result = assert.fail(`${itemDetails.name} was not judged`)] = validationResult ?? [];
      const broken = result.details.ruleSummaries.map(({ clause, testNumber }) => `${clause}-${testNumber}`);
      assert.equal(result.compliant, broken.length === 0);
      return [/([^/]+)\.pdf$/.exec(itemDetails.name)?.[1] ?? '', broken.sort()];
    }),
  );
}

/** veraPDF's archive, which scripts/setup.mjs --test fetches. Missing, it fails in CI and is told loudly elsewhere. */
function requireVeraPdf(context: TestContext): string | undefined {
  const archive = existsSync(FOLDER) ? readdirSync(FOLDER).find((name) => name.endsWith('.jar')) : undefined;
  if (archive !== undefined) return join(FOLDER, archive);
  const notice = 'VERAPDF NOT FOUND: node scripts/verapdf.mjs';
  if (process.env['CI'] === 'true') throw new Error(notice);
  process.stderr.write(`${notice}\n`);
  context.skip(notice);
  return undefined;
}

async function letterPdf(standard: 'a-2a' | 'ua-1'): Promise<Buffer> {
  const made = await tools.composeTextLetter({ ...RICH, payment: PAYMENT }, standard);
  assert.ok(!isRefusal(made), JSON.stringify(made));
  return made.pdf;
}

/** Carries its own address in the window. */
const ADDRESSED = `#set page(margin: 0mm)
#place(top + left, dx: 114mm, dy: 42mm)[Åsa Öberg \\ Storgatan 1 \\ 123 45 Ödeshög]
#place(top + left, dx: 25mm, dy: 100mm)[= Beslut]`;

async function templatePdf(source = TEMPLATE.source): Promise<Buffer> {
  const made = await tools.composeTemplate({ ...TEMPLATE, source });
  assert.ok(!isRefusal(made), JSON.stringify(made));
  return made.pdf;
}

async function printPdf(attachments: readonly Buffer[], change: Partial<PrintLetter> = {}): Promise<Buffer> {
  const made = await tools.composePrintPdf({ ...PRINT, letter: RICH, attachments, ...change });
  assert.ok(!isRefusal(made), JSON.stringify(made));
  return made.pdf;
}

async function joined(pdfs: readonly Buffer[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const facts = { title: 'Utskrift 7 <&>', language: 'sv', duplex: true };
  const file = createPrintFile((bytes) => void chunks.push(bytes), facts);
  for (const pdf of pdfs) await file.add(pdf);
  await file.finish();
  return Buffer.concat(chunks);
}

/** That a file says which standard it keeps. Print files do not: any PDF may be joined into them. */
const CLAIM = { '2a': '6.6.4-1', ua1: '5-1' };

describe('an independent judge of PDF/A and PDF/UA, veraPDF', () => {
  it('finds nothing in our letters and templates, and only the claim missing in print files', async (context) => {
    const archive = requireVeraPdf(context);
    if (archive === undefined) return;
    const [letter, accessible, template] = [await letterPdf('a-2a'), await letterPdf('ua-1'), await templatePdf()];
    const [plain, withDocuments] = [await printPdf([]), await printPdf([letter, template])];
    const own = await printPdf([await templatePdf(ADDRESSED)], { firstPage: 'own' });
    const postcard = await printPdf([], { format: 'postcard' });
    const print = { withDocuments, own, postcard, batch: await joined([plain, withDocuments]) };
    assert.deepEqual(judge(archive, '2a', { letter, template, plain, ...print }), {
      ...{ letter: [], template: [] },
      ...{ plain: [CLAIM['2a']], withDocuments: [CLAIM['2a']], batch: [CLAIM['2a']] },
      ...{ own: [CLAIM['2a']], postcard: [CLAIM['2a']] },
    });
    assert.deepEqual(judge(archive, 'ua1', { accessible, ...print }), {
      ...{ accessible: [], withDocuments: [CLAIM.ua1], batch: [CLAIM.ua1], own: [CLAIM.ua1], postcard: [CLAIM.ua1] },
    });
  });
});
