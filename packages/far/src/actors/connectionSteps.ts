import type { ActorRole } from './actorRole.ts';

/** The steps of a connection, in order. */
export const CONNECTION_STEPS = ['application', 'agreement', 'technicalTest', 'production'] as const;
export type ConnectionStep = (typeof CONNECTION_STEPS)[number];

/** How a connection ends: refused by the register's owner, taken back by the applicant, or closed after production. */
export const CONNECTION_ENDS = ['rejected', 'withdrawn', 'closed'] as const;
export type ConnectionEnd = (typeof CONNECTION_ENDS)[number];

/** What may be demanded before the next step, in the order in which it is usually done. */
export type Requirement = 'contact' | 'agreement' | 'certificate' | 'servedSender' | 'conformance';

/** What decides whether a connection may go on. */
export interface ConnectionFacts {
  step: ConnectionStep | ConnectionEnd;
  roles: readonly ActorRole[];
  contacts: number;
  hasAgreement: boolean;
  /** Certificates for calling the register that are registered, not retired and valid now. */
  validCertificates: number;
  servedSenders: number;
  /** The conformance checklist: passed, or waived with a reason. */
  isConformant: boolean;
}

interface StepRow {
  /** Undefined: the last. */
  next: ConnectionStep | undefined;
  demands: readonly Requirement[];
  /** How a connection may end that stands here. */
  ends: readonly ConnectionEnd[];
}

/** The whole process. The agreement is demanded by the step after it: to register it is what leads there. */
const STEP_TABLE: Readonly<Record<ConnectionStep, StepRow>> = {
  application: { next: 'agreement', demands: ['contact', 'agreement'], ends: ['rejected', 'withdrawn'] },
  agreement: {
    next: 'technicalTest',
    demands: ['contact', 'agreement', 'certificate'],
    ends: ['rejected', 'withdrawn'],
  },
  technicalTest: {
    next: 'production',
    demands: ['contact', 'agreement', 'certificate', 'servedSender', 'conformance'],
    ends: ['rejected', 'withdrawn'],
  },
  production: { next: undefined, demands: [], ends: ['closed'] },
};

/** What each demand asks of the facts. */
const IS_FULFILLED: Readonly<Record<Requirement, (facts: ConnectionFacts) => boolean>> = {
  contact: ({ contacts }) => contacts > 0,
  agreement: ({ hasAgreement }) => hasAgreement,
  certificate: ({ validCertificates }) => validCertificates > 0,
  servedSender: ({ servedSenders }) => servedSenders > 0,
  conformance: ({ isConformant }) => isConformant,
};

/** The step that a connection would come to next; undefined in production and when it has ended. */
export function nextStep(step: ConnectionFacts['step']): ConnectionStep | undefined {
  return isStep(step) ? STEP_TABLE[step].next : undefined;
}

/** What the next step demands of these roles; nothing where there is none. */
export function demandedRequirements({ step, roles }: Pick<ConnectionFacts, 'step' | 'roles'>): Requirement[] {
  if (!isStep(step)) return [];
  return STEP_TABLE[step].demands.filter((each) => each !== 'servedSender' || roles.includes('dispatcher'));
}

/** What is missing of it. */
export function missingRequirements(facts: ConnectionFacts): Requirement[] {
  return demandedRequirements(facts).filter((requirement) => !IS_FULFILLED[requirement](facts));
}

/** How a connection may end that stands at this step. */
export function possibleEnds(step: ConnectionFacts['step']): readonly ConnectionEnd[] {
  return isStep(step) ? STEP_TABLE[step].ends : [];
}

export function isStep(step: ConnectionFacts['step']): step is ConnectionStep {
  return CONNECTION_STEPS.some((each) => each === step);
}

/** Whether the connection has neither come to production nor ended. */
export function isInProgress(step: ConnectionFacts['step']): boolean {
  return nextStep(step) !== undefined;
}
