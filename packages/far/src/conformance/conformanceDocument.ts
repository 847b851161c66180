import type { Language } from '@brevduva/ui';
import { operationOf } from './checklist.ts';
import { faultAdvice } from './faultAdvice.ts';
import type { ActorConformance } from './readActorConformance.ts';

/** The checklist for programs: what `GET /webservice/conformance` answers. Times are UTC; `id` and codes are stable. */
export function conformanceDocument(conformance: ActorConformance, lang: Language) {
  const { organizationNumber, roles, since, isTesting, isDone, requiredDone, requiredCount } = conformance;
  return {
    ...{ organizationNumber, roles, since: since.toISOString(), isTesting, isDone, requiredDone, requiredCount },
    items: conformance.items.map(({ item, doneAt }) => ({
      id: item.id,
      isRequired: item.isRequired,
      isDone: doneAt !== undefined,
      doneAt: doneAt?.toISOString() ?? null,
      operation: operationOf(item),
      clause: item.clause,
      text: item.text[lang],
    })),
    refusals: conformance.refusals.map(({ callId, receivedAt, operation, errorCode }) => ({
      ...{ callId, receivedAt: receivedAt.toISOString(), operation, errorCode },
      ...faultAdvice(errorCode, lang),
    })),
  };
}
