import type { ReachabilityStatus } from '@brevduva/protocol';
import { SoapCallError } from '@brevduva/protocol';
import type { ClaimedLetter } from '../letter.ts';
import { type Decision, decideChannel, needsReachability, type SwitchFacts } from '../switch.ts';
import { groupBy } from './groupBy.ts';
import type { NewDecision, StageContext, StageOutcome, StageResult, StageWork } from './stage.ts';

/**
 * Asks FaR about the letters that need it, one call per sender and thousand, always at dispatch and never from an old answer
 * (FACTS k), and lets the switch decide. FaR down: the letter waits; paper is never guessed (scenario 13).
 */
export const resolve: StageWork = async (letters, context, report) => {
  const [asking, knowing] = split(letters, (letter) => needsReachability(factsOf(letter)));
  if (knowing.length > 0) await report(knowing.map((letter) => decide(letter, undefined, context)));
  for (const group of groupBy(asking, (letter) => letter.organisationId).values()) {
    await report(await lookUp(group, context));
  }
};

async function lookUp(letters: readonly ClaimedLetter[], context: StageContext): Promise<StageResult[]> {
  const [first] = letters;
  if (first === undefined) return [];
  const ids = [...new Set(letters.map((letter) => letter.recipient))];
  try {
    const senderOrgNr = first.organisation.organizationNumber;
    const answer = await context.soap.isReachable(context.farUrl, { senderOrgNr, recipientId: ids });
    const byId = new Map(answer.return.map((status) => [status.AccountStatus.RecipientId as string, status]));
    return letters.map((letter) => decide(letter, byId.get(letter.recipient), context));
  } catch (error) {
    if (!(error instanceof SoapCallError)) throw error;
    context.log.warn({ err: error, letters: letters.length }, 'FaR did not answer; the letters wait');
    return letters.map((letter) => waitForRegister(letter, error));
  }
}

function decide(letter: ClaimedLetter, status: ReachabilityStatus | undefined, context: StageContext): StageResult {
  const facts = factsOf(letter);
  const asked = needsReachability(facts);
  if (asked && status === undefined) return waitForAnswer(letter);
  const decision = decideChannel({ ...facts, reachability: status });
  return {
    letter,
    outcome: outcomeOf(decision),
    changes: {
      ...(asked ? { lookups: letter.lookups + 1 } : {}),
      ...(decision.ruling.kind === 'digital' ? { supplier: decision.ruling.supplier } : {}),
    },
    events: [
      {
        kind: 'channelDecided',
        detail: { channel: decision.ruling.kind, rule: decision.rule, reason: decision.reason },
      },
    ],
    decision: record(letter, status, asked, decision, context),
  };
}

function outcomeOf({ ruling }: Decision): StageOutcome {
  return ruling.kind === 'case' ? { kind: 'manual', reason: ruling.reason } : { kind: 'done', channel: ruling.kind };
}

/** The question and the answer as they were, without the recipient's number: the letter's row has it, the record need not repeat it. */
function record(
  letter: ClaimedLetter,
  status: ReachabilityStatus | undefined,
  asked: boolean,
  decision: Decision,
  context: StageContext,
): NewDecision {
  const question = {
    askedFar: asked,
    senderOrgNr: letter.organisation.organizationNumber,
    policy: letter.flow.channelPolicy,
    addressKnown: letter.address !== undefined,
    paperOrdered: letter.paperOrdered,
    digitalFailure: letter.digitalFailure ?? null,
    lookup: letter.lookups + (asked ? 1 : 0),
    at: context.clock.now().toISOString(),
  };
  return { question, answer: status === undefined ? {} : answerOf(status), decision };
}

function answerOf(status: ReachabilityStatus): Record<string, unknown> {
  const { RecipientId: _, ...account } = status.AccountStatus;
  return { ...account, SenderAccepted: status.SenderAccepted };
}

function factsOf(letter: ClaimedLetter): Omit<SwitchFacts, 'reachability'> & { reachability: undefined } {
  return {
    recipient: letter.recipient,
    protectedIdentity: letter.protectedIdentity,
    policy: letter.flow.channelPolicy,
    paperOrdered: letter.paperOrdered,
    addressKnown: letter.address !== undefined,
    digitalFailure: letter.digitalFailure,
    lookups: letter.lookups,
    reachability: undefined,
  };
}

function waitForRegister(letter: ClaimedLetter, error: SoapCallError): StageResult {
  const detail = { cause: error.kind, ...(error.fault ? { errorCode: error.fault.errorCode } : {}) };
  return {
    letter,
    outcome: { kind: 'retry', reason: `far:${error.kind}`, certainty: 'notDelivered' },
    events: letter.attempts === 1 ? [{ kind: 'waitsForRegister', detail }] : [],
  };
}

/** FaR answered but left this id out; the contract promises one answer per id, so this is FaR's fault and may pass. */
function waitForAnswer(letter: ClaimedLetter): StageResult {
  return {
    letter,
    outcome: { kind: 'retry', reason: 'far:noAnswerForRecipient', certainty: 'notDelivered' },
    events: letter.attempts === 1 ? [{ kind: 'waitsForRegister', detail: { cause: 'noAnswerForRecipient' } }] : [],
  };
}

function split<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
