import type { Queryable } from '@brevduva/base';
import type { ActorRole } from '../actors/actorRole.ts';
import { type CallerOperationRow, selectCallerOperations, selectSenderAskedAt } from '../sql/callerTraffic.ts';
import { type RefusedCall, selectRefusedCalls } from '../sql/requestLog.ts';
import { type ChecklistItem, type ChecklistRule, checklistFor } from './checklist.ts';

export interface CheckedItem {
  readonly item: ChecklistItem;
  /** When it was last done; undefined while it is not. */
  readonly doneAt: Date | undefined;
}

/** How far a party has come. */
export interface Conformance {
  readonly organizationNumber: string;
  readonly since: Date;
  readonly items: readonly CheckedItem[];
  readonly requiredCount: number;
  readonly requiredDone: number;
  /** Everything that is demanded is done. */
  readonly isDone: boolean;
  /** The latest calls that were refused, newest first; those too that the checklist asks for. */
  readonly refusals: readonly RefusedCall[];
}

export interface ConformanceQuestion {
  organizationNumber: string;
  roles: readonly ActorRole[];
  /** When the technical test began: what was done before does not count. */
  since: Date;
}

export const REFUSALS_SHOWN_MAX = 50;

/** Reads the checklist off the party's own traffic, up to this moment. */
export async function readConformance(db: Queryable, question: ConformanceQuestion): Promise<Conformance> {
  const { organizationNumber, roles, since } = question;
  const traffic = {
    calls: await selectCallerOperations(db, organizationNumber),
    askedForAt: await selectSenderAskedAt(db, organizationNumber),
  };
  const items = checkItems(checklistFor(roles), traffic, since);
  const refusals = await selectRefusedCalls(db, { caller: organizationNumber, since, limit: REFUSALS_SHOWN_MAX });
  const required = items.filter(({ item }) => item.isRequired);
  const requiredDone = required.filter(({ doneAt }) => doneAt !== undefined).length;
  return {
    ...{ organizationNumber, since, items, refusals, requiredDone },
    requiredCount: required.length,
    isDone: isChecklistDone(items),
  };
}

/** Whether everything that is demanded is done. An organisation without any demand has nothing left to do. */
function isChecklistDone(items: readonly CheckedItem[]): boolean {
  return items.every(({ item, doneAt }) => !item.isRequired || doneAt !== undefined);
}

export interface Traffic {
  calls: readonly CallerOperationRow[];
  askedForAt: Date | null;
}

/** Ticks each item whose rule the traffic since the instant fulfils. */
function checkItems(items: readonly ChecklistItem[], traffic: Traffic, since: Date): CheckedItem[] {
  return items.map((item) => ({ item, doneAt: doneAtOf(item.rule, { ...traffic, since }) }));
}

type Facts = Traffic & { since: Date };

/** When a rule was last fulfilled. */
function doneAtOf(rule: ChecklistRule, facts: Facts): Date | undefined {
  const { since } = facts;
  switch (rule.kind) {
    case 'askedFor':
      return notBefore(since, facts.askedForAt);
    case 'answered':
      return notBefore(since, find(facts, rule.operation, [0])?.lastAt);
    case 'answeredSeveral':
      return notBefore(since, find(facts, rule.operation, [0])?.severalAt);
    case 'refused':
      return notBefore(since, find(facts, rule.operation, rule.codes)?.lastAt);
    case 'recovered':
      return recoveredAt(rule, facts);
  }
}

/** Who has coped once need not do it again after each new try. */
function recoveredAt({ operation, codes }: { operation: string; codes: readonly number[] }, facts: Facts) {
  const refusal = find(facts, operation, codes);
  const lastRefusedAt = notBefore(facts.since, refusal?.lastAt);
  const answeredAt = notBefore(facts.since, find(facts, operation, [0])?.lastAt);
  if (lastRefusedAt === undefined || answeredAt === undefined) return undefined;
  const refusedAt = notBefore(facts.since, refusal?.firstAt) ?? lastRefusedAt;
  return answeredAt > refusedAt ? answeredAt : undefined;
}

/** What was done with an operation and one of the endings; of several endings the latest. */
function find({ calls }: Facts, operation: string, codes: readonly number[]): CallerOperationRow | undefined {
  return calls
    .filter((call) => call.operation === operation && codes.includes(call.errorCode))
    .reduce<CallerOperationRow | undefined>(
      (best, call) => (best && best.lastAt > call.lastAt ? best : call),
      undefined,
    );
}

function notBefore(since: Date, at: Date | null | undefined): Date | undefined {
  return at !== null && at !== undefined && at >= since ? at : undefined;
}
