import type { Phase, RunFigures } from './measureRun.ts';

/** Of the runs: the middle one, and how far the outermost lie apart. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export type PhaseSummary = { readonly [K in keyof Phase]: Exclude<Phase[K], number> | Figure };

export interface Summary {
  readonly rawSignatureCpuMs: Figure;
  readonly intake: PhaseSummary;
  readonly pipeline: PhaseSummary;
  readonly endToEnd: PhaseSummary;
  readonly ratios: Ratios;
  readonly resent: number;
}

/** CPU of two raw RSA-2048 signatures ÷ CPU of the hub per letter, run by run. 1 would mean that nothing but RSA cost anything. */
export interface Ratios {
  readonly pipeline: Figure;
  /** Pipeline and intake, without the inspection of the PDF. */
  readonly pipelineAndIntake: Figure;
  /** Pipeline and intake with everything that the hub starts. */
  readonly pipelineAndIntakeAndInspection: Figure;
}

export function summarise(runs: readonly RunFigures[]): Summary {
  const over = (pick: (run: RunFigures) => number) => figureOf(runs.map(pick));
  const ratio = (cost: (run: RunFigures) => number) => over((run) => (2 * run.rawSignatureCpuMs) / cost(run));
  const withIntake = ({ intake, pipeline }: RunFigures) => pipeline.hubCpuMs + intake.hubCpuMs;
  return {
    rawSignatureCpuMs: over((run) => run.rawSignatureCpuMs),
    intake: summarisePhase(runs.map((run) => run.intake)),
    pipeline: summarisePhase(runs.map((run) => run.pipeline)),
    endToEnd: summarisePhase(runs.map((run) => run.endToEnd)),
    ratios: {
      pipeline: ratio((run) => run.pipeline.hubCpuMs),
      pipelineAndIntake: ratio(withIntake),
      pipelineAndIntakeAndInspection: ratio((run) => withIntake(run) + (run.intake.inspectionCpuMs ?? 0)),
    },
    resent: Math.max(...runs.map((run) => run.resent)),
  };
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  const median = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

function summarisePhase(phases: readonly Phase[]): PhaseSummary {
  const names = Object.keys(phases[0] ?? {}) as (keyof Phase)[];
  return Object.fromEntries(
    names.map((name) => [name, figureOf(phases.map((phase) => phase[name] ?? Number.NaN))]),
  ) as PhaseSummary;
}
