import type { Machine } from './machine.ts';
import type { Figure, PhaseSummary, Summary } from './summary.ts';

export interface Report {
  readonly takenAt: string;
  readonly letters: number;
  readonly pdfBytes: number;
  readonly runs: number;
  readonly machine: Machine;
  readonly summary: Summary;
}

/** The report for people: medians, and in parentheses the lowest and the highest of the runs. */
export function writeTable({ letters, pdfBytes, runs, machine, summary }: Report): string {
  const { ratios } = summary;
  return [
    `${runs} run(s), each ${letters} letters measured by parts and ${letters} end to end, PDF of ${pdfBytes} bytes`,
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}, load before ${machine.loadBefore.toFixed(2)}`,
    `Node ${machine.node}, OpenSSL ${machine.openssl}, PostgreSQL ${machine.postgres} (fsync ${machine.fsync}, synchronous_commit ${machine.synchronousCommit})`,
    '',
    row('CPU per letter, ms', ['letters/s', 'hub', 'PDF inspection', 'PostgreSQL', 'operators']),
    phaseRow('intake over REST', summary.intake),
    phaseRow('pipeline, all due at once', summary.pipeline),
    phaseRow('end to end, one node', summary.endToEnd),
    '',
    row('one raw RSA-2048 signature, CPU ms', [written(summary.rawSignatureCpuMs, 3)]),
    '',
    'CPU of two raw RSA-2048 signatures ÷ CPU of the hub per letter',
    row('pipeline', [written(ratios.pipeline, 2)]),
    row('pipeline and intake', [written(ratios.pipelineAndIntake, 2)]),
    row('pipeline, intake, PDF inspection', [written(ratios.pipelineAndIntakeAndInspection, 2)]),
    '',
    `none lost, none stored twice; sent more than once: ${summary.resent}`,
    '',
  ].join('\n');
}

const NAME_WIDTH = 36;
const COLUMN_WIDTH = 22;

function phaseRow(name: string, phase: PhaseSummary): string {
  return row(name, [
    written(phase.lettersPerSecond, 0),
    written(phase.hubCpuMs, 2),
    written(phase.inspectionCpuMs, 2),
    written(phase.postgresCpuMs, 2),
    written(phase.operatorsCpuMs, 2),
  ]);
}

function row(name: string, columns: readonly string[]): string {
  return `${name.padEnd(NAME_WIDTH)}${columns.map((column) => column.padEnd(COLUMN_WIDTH)).join('')}`.trimEnd();
}

function written(figure: Figure | undefined, decimals: number): string {
  if (figure === undefined) return '–';
  const [median, min, max] = [figure.median, figure.min, figure.max].map((value) => value.toFixed(decimals));
  return min === max ? `${median}` : `${median} (${min}–${max})`;
}
