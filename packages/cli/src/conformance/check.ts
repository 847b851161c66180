import type { Context } from './context.ts';

export const SERVICE_NAMES = ['recipient', 'service', 'authority'] as const;
/** The services of the contract that can be checked (FACTS b). */
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** What one check found. `evidence` is Swedish, for people; it holds no personal number. */
export interface Verdict {
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly evidence: string;
}

/** What a check cannot do without; it is skipped where the run does not have it. */
export type Need = 'recipients' | 'deliver' | 'sha1';

/** One thing that the contract, or our reading of it, demands of a server. */
export interface Check {
  /** Stable, never reused: others may keep a list of those they expect to fail. */
  readonly id: string;
  /** Section of FACTS.md. */
  readonly clause: string;
  /** Where the contract says it in so many words, or where we read it so (`inferred` and open questions in FACTS). */
  readonly basis: 'contract' | 'reading';
  readonly services: readonly ServiceName[];
  /** Swedish, as are the two that follow: what is demanded, what is sent, what is expected. */
  readonly title: string;
  readonly sends: string;
  readonly expects: string;
  readonly needs?: readonly Need[];
  /** Checks that must have passed: without them this one would only say the same again. */
  readonly dependsOn?: readonly string[];
  readonly run: (context: Context) => Promise<Verdict>;
}

export const passed = (evidence: string): Verdict => ({ status: 'passed', evidence });
export const failed = (evidence: string): Verdict => ({ status: 'failed', evidence });
export const skipped = (evidence: string): Verdict => ({ status: 'skipped', evidence });

/** Passed with what was seen, or failed with it. */
export const verdict = (isRight: boolean, evidence: string): Verdict => (isRight ? passed(evidence) : failed(evidence));

/** All at once: failed with every fault found, or passed. */
export const unlessFaults = (faults: readonly string[], evidence: string): Verdict =>
  faults.length === 0 ? passed(evidence) : failed([...new Set(faults)].join('; '));
