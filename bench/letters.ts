/**
 * How much of a letter's CPU is the two signatures that it cannot do without (design 6)? Starts the whole ecosystem with each party in
 * a process of its own, delivers letters, and sets the hub's CPU against raw RSA of the same run. See docs/performance.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine, loadNow } from './support/machine.ts';
import { type Accepted, measureRun, type RunFigures } from './support/measureRun.ts';
import { say, wholeNumber } from './support/options.ts';
import { PDF_BYTES_MIN } from './support/samplePdf.ts';
import { summarise } from './support/summary.ts';
import { type Report, writeTable } from './support/table.ts';
import { startWorld } from './support/world.ts';

const HELP = `Usage: node --import tsx bench/letters.ts [options]

  --letters N     letters in each part of a run (default 400)
  --bytes N       size of the PDF of each letter (default 20000)
  --runs N        runs; the report has their medians (default 5)
  --warm-up N     letters delivered before the first run (default as --letters)
  --json FILE     also write the report as JSON
  --profile FILE  CPU profile of the hub's main thread in the last run's pipeline part
  --help
`;

const options = readOptions();
if (options === undefined) process.stdout.write(HELP);
else await main(options);

interface Options {
  readonly letters: number;
  readonly pdfBytes: number;
  readonly runs: number;
  readonly warmUp: number;
  readonly jsonFile: string | undefined;
  readonly profileFile: string | undefined;
}

async function main({ letters, pdfBytes, runs, warmUp, jsonFile, profileFile }: Options): Promise<void> {
  const loadBefore = loadNow();
  say('starting PostgreSQL, FaR, two operators and two hub nodes …');
  const world = await startWorld();
  try {
    const accepted: Accepted = new Set();
    if (warmUp > 0) {
      say(`warming up with ${warmUp} letters …`);
      await measureRun(world, accepted, { letters: Math.ceil(warmUp / 2), pdfBytes });
    }
    const figures: RunFigures[] = [];
    for (let run = 1; run <= runs; run++) {
      say(`run ${run} of ${runs} …`);
      const profile = run === runs && profileFile !== undefined ? { profileFile } : {};
      figures.push(await measureRun(world, accepted, { letters, pdfBytes, ...profile }));
    }
    const machine = await describeMachine(world.pools.hub, loadBefore);
    const summary = summarise(figures);
    const report: Report = { takenAt: new Date().toISOString(), letters, pdfBytes, runs, machine, summary };
    process.stdout.write(writeTable(report));
    if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify({ ...report, figures }, null, 2)}\n`);
  } finally {
    await world.close();
  }
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      letters: { type: 'string', default: '400' },
      bytes: { type: 'string', default: '20000' },
      runs: { type: 'string', default: '5' },
      'warm-up': { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    letters: wholeNumber('--letters', values.letters, 1),
    pdfBytes: wholeNumber('--bytes', values.bytes, PDF_BYTES_MIN),
    runs: wholeNumber('--runs', values.runs, 1),
    warmUp: wholeNumber('--warm-up', values['warm-up'] ?? values.letters, 0),
    jsonFile: values.json,
    profileFile: values.profile,
  };
}
