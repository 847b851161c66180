import type { Paint } from '../terminal.ts';
import { CLAUSES } from './catalogue.ts';
import type { Verdict } from './check.ts';
import type { Target } from './context.ts';
import type { CheckResult } from './runChecks.ts';

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function summaryOf(results: readonly CheckResult[]): Summary {
  const count = (status: Verdict['status']) => results.filter((one) => one.status === status).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

/** One object: what was checked, and what was found. Holds no personal numbers and no keys. */
export function jsonReport(target: Target, results: readonly CheckResult[], startedAt: Date): string {
  const checks = results.map(
    ({ check: { id, clause, basis, title, sends, expects }, status, evidence, durationMs }) => ({
      ...{ id, clause, basis, title, status, evidence, sends, expects, durationMs },
    }),
  );
  const { url, service, sender } = target;
  const report = {
    target: { url: url.href, service, sender },
    startedAt: startedAt.toISOString(),
    summary: summaryOf(results),
    checks,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

const MARKS: Readonly<Record<Verdict['status'], string>> = { passed: '✔', failed: '✘', skipped: '–' };
const SERVICES: Readonly<Record<Target['service'], string>> = {
  recipient: 'Recipient v3 (FaR)',
  service: 'Service v3 (brevlådeoperatör)',
  authority: 'Authority (FaR)',
};

/** The report for people, grouped by the contract's sections. */
export function humanReport(target: Target, results: readonly CheckResult[], paint: Paint): string {
  const clauses = Object.keys(CLAUSES).filter((clause) => results.some(({ check }) => check.clause === clause));
  const groups = clauses.flatMap((clause) => [
    '',
    `${paint.bold(CLAUSES[clause] ?? clause)} ${paint.dim(`FACTS ${clause}`)}`,
    ...results.filter(({ check }) => check.clause === clause).flatMap((result) => resultLines(result, paint)),
  ]);
  return `${[`${paint.bold(SERVICES[target.service])} ${target.url.href}`, ...groups, '', summaryLine(results, paint)].join('\n')}\n`;
}

function resultLines({ check, status, evidence }: CheckResult, paint: Paint): string[] {
  const style = status === 'failed' ? paint.bad : status === 'passed' ? paint.good : paint.dim;
  const reading = check.basis === 'reading' ? paint.dim(' (vår tolkning)') : '';
  const head = `  ${style(MARKS[status])} ${check.title}${reading}`;
  if (status !== 'failed') return [`${head} ${paint.dim(`· ${evidence}`)}`];
  return [
    head,
    `      ${check.id}`,
    `      Skickat: ${check.sends}`,
    `      Väntat:  ${check.expects}`,
    `      Sett:    ${evidence}`,
  ];
}

function summaryLine(results: readonly CheckResult[], paint: Paint): string {
  const { passed, failed, skipped } = summaryOf(results);
  const style = failed > 0 ? paint.bad : paint.good;
  return `${style(`${passed} godkända, ${failed} underkända`)}, ${skipped} hoppades över`;
}
