/**
 * How long does it take until a large mailing with one shared PDF is accepted and committed, and what does the hub hold in memory
 * meanwhile? Beside it, in the same run, the same rows are written bare. See docs/performance.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine, loadNow, type Machine } from './support/machine.ts';
import { commitMailing, fillMailing } from './support/mailing.ts';
import { say, wholeNumber } from './support/options.ts';
import { people } from './support/people.ts';
import { peakMemoryMiB } from './support/processTree.ts';
import { PDF_BYTES_MIN } from './support/samplePdf.ts';
import { copyRowsBare, countMailing, dropBareRows } from './support/sql.ts';
import { type Figure, figureOf } from './support/summary.ts';
import { startWorld, type World } from './support/world.ts';

const HELP = `Usage: node --import tsx bench/mailing.ts [options]

  --recipients N  recipients of the mailing (default 100000)
  --bytes N       size of the shared PDF (default 200000)
  --runs N        mailings; the report has their medians (default 3)
  --json FILE     also write the report as JSON
  --help
`;

/** Seconds, of one mailing. */
interface RunFigures {
  readonly fillSeconds: number;
  readonly commitSeconds: number;
  readonly bareSeconds: number;
}

export interface MailingReport {
  readonly recipients: number;
  readonly pdfBytes: number;
  readonly machine: Machine;
  readonly fillSeconds: Figure;
  readonly commitSeconds: Figure;
  readonly totalSeconds: Figure;
  readonly bareSeconds: Figure;
  /** Whole time ÷ that of the bare rows, run by run. */
  readonly ratio: Figure;
  /** The hub's process before the first mailing and at its highest; undefined where there is no /proc. */
  readonly memoryBeforeMiB: number | undefined;
  readonly memoryPeakMiB: number | undefined;
}

interface Options {
  readonly recipients: number;
  readonly pdfBytes: number;
  readonly runs: number;
  readonly jsonFile: string | undefined;
}

const options = readOptions();
if (options === undefined) process.stdout.write(HELP);
else await main(options);

async function main({ recipients, pdfBytes, runs, jsonFile }: Options): Promise<void> {
  const loadBefore = loadNow();
  say('starting PostgreSQL and the hub …');
  const world = await startWorld({ recipients: 2, runsPipeline: false });
  try {
    const persons = people(recipients);
    const memoryBeforeMiB = peakMemoryMiB(world.intakeNode.pid);
    const figures: RunFigures[] = [];
    for (let run = 1; run <= runs; run++) {
      say(`mailing ${run} of ${runs} …`);
      figures.push(await measureMailing(world, persons, pdfBytes, run));
    }
    const report: MailingReport = {
      ...{ recipients, pdfBytes, machine: await describeMachine(world.pools.hub, loadBefore) },
      fillSeconds: figureOf(figures.map((each) => each.fillSeconds)),
      commitSeconds: figureOf(figures.map((each) => each.commitSeconds)),
      totalSeconds: figureOf(figures.map(totalOf)),
      bareSeconds: figureOf(figures.map((each) => each.bareSeconds)),
      ratio: figureOf(figures.map((each) => totalOf(each) / each.bareSeconds)),
      ...{ memoryBeforeMiB, memoryPeakMiB: peakMemoryMiB(world.intakeNode.pid) },
    };
    process.stdout.write(writeReport(report));
    if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify({ ...report, figures }, null, 2)}\n`);
  } finally {
    await world.close();
  }
}

function totalOf({ fillSeconds, commitSeconds }: RunFigures): number {
  return fillSeconds + commitSeconds;
}

/** @throws Error when a letter is missing, or the PDF is stored more than once. */
async function measureMailing(
  world: World,
  persons: readonly string[],
  pdfBytes: number,
  run: number,
): Promise<RunFigures> {
  const { url } = world.intakeNode;
  let id = '';
  const fillSeconds = await seconds(async () => {
    id = await fillMailing(url, persons, pdfBytes);
  });
  const commitSeconds = await seconds(() => commitMailing(url, id));
  const { letters, events, attachments, pdfs } = await countMailing(world.pools.hub, id);
  // Each mailing brings a PDF of its own.
  if (letters !== persons.length || events < letters || attachments !== letters || pdfs !== run) {
    throw new Error(JSON.stringify({ letters, events, attachments, pdfs, expected: persons.length }));
  }
  const client = await world.pools.hub.connect();
  try {
    const bareSeconds = await seconds(() => copyRowsBare(client, id));
    return { fillSeconds, commitSeconds, bareSeconds };
  } finally {
    await dropBareRows(client);
    client.release();
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}

function writeReport(report: MailingReport): string {
  const { recipients, pdfBytes, machine, memoryBeforeMiB, memoryPeakMiB } = report;
  const line = (name: string, { median, min, max }: Figure) =>
    `${name.padEnd(36)}${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})\n`;
  return [
    `mailing of ${recipients} recipients with one PDF of ${pdfBytes} bytes, load before ${machine.loadBefore.toFixed(2)}\n`,
    line('created and filled, s', report.fillSeconds),
    line('committed, s', report.commitSeconds),
    line('both, s', report.totalSeconds),
    line('the same rows bare, s', report.bareSeconds),
    line('ratio', report.ratio),
    `memory of the hub, MiB               ${memoryPeakMiB?.toFixed(0) ?? '–'} at its highest, ${memoryBeforeMiB?.toFixed(0) ?? '–'} before\n`,
    'every letter committed, the PDF stored once\n',
  ].join('');
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      recipients: { type: 'string', default: '100000' },
      bytes: { type: 'string', default: '200000' },
      runs: { type: 'string', default: '3' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    recipients: wholeNumber('--recipients', values.recipients, 1),
    pdfBytes: wholeNumber('--bytes', values.bytes, PDF_BYTES_MIN),
    runs: wholeNumber('--runs', values.runs, 1),
    jsonFile: values.json,
  };
}
