/**
 * How many letters of an organisation's template one core typesets, as PDF/A-2a, and how that compares with what the typesetter takes
 * at the least: an empty page, and the letter of text that Brevduva sets itself. All in this one process and thread, in turn, by CPU time.
 */
import { parseArgs } from 'node:util';
import type { TextLetter } from '../packages/hub/src/pdf/letter.ts';
import type { TemplateLetter } from '../packages/hub/src/pdf/templateLetter.ts';
import { prepareLetter } from '../packages/hub/src/pdf/worker/letterData.ts';
import { typesetOrRefuse } from '../packages/hub/src/pdf/worker/typeset.ts';
import { typesetTemplate } from '../packages/hub/src/pdf/worker/typesetTemplate.ts';
import { wholeNumber } from './support/options.ts';
import { figureOf } from './support/summary.ts';

const HELP = `Usage: node --import tsx bench/templates.ts [options]

  --letters N   letters of each kind in a round (default 200)
  --rounds N    rounds, the three kinds in turn in each (default 5)
  --json        one line of JSON
  --help
`;

const PARAGRAPH =
  'Nu är det dags att välja skola till hösten. Läs om skolorna på vår webbplats, besök dem gärna på öppet hus, och lämna ert val senast den 15 januari. ';
const DOCUMENT = `#import "/brevduva.typ": letter, value
#show: letter
Hej #value("Namn")!

#value("Barn") går i dag på *#value("Skola")* i klass #value("Klass").

${Array.from({ length: 6 }, () => PARAGRAPH.repeat(2)).join('\n\n')}

#table(
  columns: (1fr, auto),
  table.header([Skola], [Platser]),
  [Ängsskolan], [48],
  [Bäckskolan], [60],
  [Centralskolan], [96],
)
`;
const COMMON = {
  ...{ subject: 'Dags att välja skola', language: 'svSE', date: '2026-11-23' },
  sender: { name: 'Lillköpings kommun', unit: 'Barn- och utbildningsnämnden', support: { text: 'Ring växeln.' } },
} as const;

type Kind = 'template' | 'textLetter' | 'emptyPage';
const KINDS: Readonly<Record<Kind, (n: number) => Uint8Array>> = {
  emptyPage: (n) => made(typesetTemplate({ ...COMMON, source: '', reference: `${n}`, values: {} })),
  textLetter: (n) => {
    const text = `Hej Elev ${n}!\n\n${Array.from({ length: 6 }, () => PARAGRAPH.repeat(2)).join('\n\n')}`;
    const letter: TextLetter = { ...COMMON, body: { contentType: 'text/plain', text }, reference: `${n}` };
    return made(typesetOrRefuse(prepareLetter(letter, null), 'a-2a'));
  },
  template: (n) => made(typesetTemplate(templateLetter(n))),
};
const WARM_UP = 5;

const { values } = parseArgs({
  options: {
    letters: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help === true) process.stdout.write(HELP);
else main(wholeNumber('--letters', values.letters, 1), wholeNumber('--rounds', values.rounds, 1), values.json === true);

function main(letters: number, rounds: number, json: boolean): void {
  for (const make of Object.values(KINDS)) for (let n = 0; n < WARM_UP; n++) make(-n - 1);
  const cpuMs: Record<Kind, number[]> = { emptyPage: [], textLetter: [], template: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [kind, make] of Object.entries(KINDS) as [Kind, (n: number) => Uint8Array][]) {
      const before = process.cpuUsage();
      for (let n = 0; n < letters; n++) make(round * letters + n);
      const { user, system } = process.cpuUsage(before);
      cpuMs[kind].push((user + system) / 1_000 / letters);
    }
  }
  report(cpuMs, { letters, rounds, json });
}

function report(
  cpuMs: Record<Kind, number[]>,
  { letters, rounds, json }: { letters: number; rounds: number; json: boolean },
): void {
  const ratio = (over: Kind) => figureOf(cpuMs.template.map((ms, n) => ms / (cpuMs[over][n] ?? Number.NaN)));
  const figures = {
    lettersPerSecondAndCore: figureOf(cpuMs.template.map((ms) => 1_000 / ms)),
    cpuMs: {
      emptyPage: figureOf(cpuMs.emptyPage),
      textLetter: figureOf(cpuMs.textLetter),
      template: figureOf(cpuMs.template),
    },
    ratios: { toEmptyPage: ratio('emptyPage'), toTextLetter: ratio('textLetter') },
    bytes: KINDS.template(1).length,
  };
  if (json) {
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    return;
  }
  const say = (what: string, { median, min, max }: { median: number; min: number; max: number }, digits: number) =>
    process.stdout.write(`${what}: ${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})\n`);
  process.stdout.write(
    `${rounds} rounds of ${letters} letters of each kind, ${figures.bytes} bytes of PDF/A-2a each\n`,
  );
  say('letters of the template per second and core', figures.lettersPerSecondAndCore, 0);
  say('CPU of a letter of the template, ms', figures.cpuMs.template, 1);
  say('CPU of a letter of text, ms', figures.cpuMs.textLetter, 1);
  say('CPU of an empty page, ms', figures.cpuMs.emptyPage, 1);
  say('template ÷ empty page', figures.ratios.toEmptyPage, 2);
  say('template ÷ letter of text', figures.ratios.toTextLetter, 2);
}

function templateLetter(n: number): TemplateLetter {
  const own = { namn: `Förälder ${n}`, barn: `Barn ${n}`, skola: `Skola ${n % 9}`, klass: `${1 + (n % 9)} B` };
  return { ...COMMON, source: DOCUMENT, reference: `${n}`, values: own };
}

function made(result: ReturnType<typeof typesetTemplate>): Uint8Array {
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.pdf;
}
