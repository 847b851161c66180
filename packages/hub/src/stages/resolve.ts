import { type ReachabilityStatus, SoapCallError } from '@brevduva/protocol';
import { ADDRESS_PERSONS_MAX, type AddressAnswer, type FoundAddress } from '../addressSource.ts';
import { eInvoiceFactsOf } from '../eInvoice/eInvoiceFacts.ts';
import { dispatcherOf } from '../externalDispatcher.ts';
import type { ClaimedLetter } from '../letter.ts';
import { noticeOf } from '../notices/noticeSettings.ts';
import { type Decision, decideChannel, needsAddress, needsReachability, type SwitchFacts } from '../switch.ts';
import { askEInvoiceRegistry, type KnownLetter } from './askEInvoiceRegistry.ts';
import { groupBy } from './groupBy.ts';
import type {
  LetterChanges,
  NewDecision,
  NewEvent,
  StageContext,
  StageOutcome,
  StageResult,
  StageWork,
} from './stage.ts';

/**
 * Asks FaR about the letters that need it, one call per sender and thousand, always at dispatch and never from an old answer
 * (FACTS k), and lets the switch decide. Where only a postal address is missing, the address source is asked, and the switch once
 * more. Of an invoice the registry of e-invoices is asked first. Any register down: the letter waits; paper is never guessed (scenario 13).
 */
export const resolve: StageWork = async (letters, context, report) => {
  const all = letters.map((letter): KnownLetter => ({ letter, facts: factsOf(letter, context) }));
  const { known, waiting } = await askEInvoiceRegistry(all, context);
  if (waiting.length > 0) await report(waiting.map(({ letter, reason }) => waitForEInvoice(letter, reason)));
  const [asking, knowing] = split(known, ({ facts }) => needsReachability(facts));
  if (knowing.length > 0) await report(await decideAll(knowing, new Map(), context));
  for (const group of groupBy(asking, ({ letter }) => letter.organisationId).values()) {
    await report(await lookUp(group, context));
  }
};

async function lookUp(letters: readonly KnownLetter[], context: StageContext): Promise<StageResult[]> {
  const [first] = letters;
  if (first === undefined) return [];
  const ids = [...new Set(letters.map(({ letter }) => letter.recipient))];
  try {
    const senderOrgNr = first.letter.organisation.organizationNumber;
    const answer = await context.soap.isReachable(context.farUrl, { senderOrgNr, recipientId: ids });
    const byId = new Map(answer.return.map((status) => [status.AccountStatus.RecipientId as string, status]));
    const [answered, left] = split(letters, ({ letter }) => byId.has(letter.recipient));
    return [...(await decideAll(answered, byId, context)), ...left.map(({ letter }) => waitForAnswer(letter))];
  } catch (error) {
    if (!(error instanceof SoapCallError)) throw error;
    context.log.warn({ err: error, letters: letters.length }, 'FaR did not answer; the letters wait');
    return letters.map(({ letter }) => waitForRegister(letter, error));
  }
}

/** A letter with what is known about its recipient, and what the switch makes of it. */
interface Decided extends KnownLetter {
  readonly decision: Decision;
}

async function decideAll(
  letters: readonly KnownLetter[],
  statuses: ReadonlyMap<string, ReachabilityStatus>,
  context: StageContext,
): Promise<StageResult[]> {
  const decided = letters.map(({ letter, facts: before }): Decided => {
    const facts = { ...before, reachability: statuses.get(letter.recipient) };
    return { letter, facts, decision: decideChannel(facts) };
  });
  const heeded = await heedFlags(decided, context);
  const wantsAddress = ({ facts, decision }: Decided) =>
    context.addressSource !== undefined && needsAddress(facts, decision);
  const [homeless, settled] = split(heeded, wantsAddress);
  const results = settled.map((each) => toResult(each, undefined, context));
  for (let start = 0; start < homeless.length; start += ADDRESS_PERSONS_MAX) {
    results.push(...(await findAddresses(homeless.slice(start, start + ADDRESS_PERSONS_MAX), context)));
  }
  return results;
}

async function findAddresses(letters: readonly Decided[], context: StageContext): Promise<StageResult[]> {
  const persons = [...new Set(letters.map(({ letter }) => letter.recipient))];
  const answer: AddressAnswer = (await context.addressSource?.find(persons)) ?? NO_SOURCE;
  if (answer.kind === 'unavailable') {
    context.log.warn(
      { reason: answer.reason, letters: letters.length },
      'the address source did not answer; the letters wait',
    );
    return letters.map(({ letter }) => waitForAddress(letter, answer.reason));
  }
  const foundOf = ({ recipient }: ClaimedLetter) => answer.persons.get(recipient) ?? NOT_FOUND;
  const decided = letters.map(({ letter, facts }): Decided => {
    const found = foundOf(letter);
    // Whether mail to the address that was found has come back is asked anew.
    const addressFlagged = facts.addressFlagged === true && found.kind !== 'found';
    const known = { ...facts, addressSource: found.kind, addressFlagged };
    return { letter, facts: known, decision: decideChannel(known) };
  });
  const addressOf = (letter: ClaimedLetter) => {
    const found = foundOf(letter);
    return found.kind === 'found' ? found.address : letter.address;
  };
  const heeded = await heedFlags(decided, context, addressOf);
  return heeded.map((each) => toResult(each, foundOf(each.letter), context));
}

const NOT_FOUND: FoundAddress = { kind: 'unknown' };

/** Decides anew about paper that would go to an address whence mail has come back, unless the flow, or a person, wants it sent all the same. */
async function heedFlags(
  decided: readonly Decided[],
  context: StageContext,
  addressOf = (letter: ClaimedLetter) => letter.address,
): Promise<Decided[]> {
  const asking = decided.flatMap(({ letter, decision }) => {
    const address = addressOf(letter);
    const isHeeded = letter.flow.onFlaggedAddress === 'case' && !letter.paperOrdered;
    return decision.ruling.kind === 'paper' && isHeeded && address !== undefined ? [{ letter, address }] : [];
  });
  if (asking.length === 0) return [...decided];
  const flagged = await context.flaggedOf(asking);
  return decided.map((each) => {
    if (!flagged.has(each.letter.id)) return each;
    const facts = { ...each.facts, addressFlagged: true };
    return { letter: each.letter, facts, decision: decideChannel(facts) };
  });
}

const NO_SOURCE: AddressAnswer = { kind: 'unavailable', reason: 'none is connected' };

function toResult(
  { letter, facts, decision }: Decided,
  found: FoundAddress | undefined,
  context: StageContext,
): StageResult {
  const asked = needsReachability(facts);
  return {
    letter,
    outcome: outcomeOf(decision),
    changes: { ...(asked ? { lookups: letter.lookups + 1 } : {}), ...chosenBy(decision), ...foundChanges(found) },
    events: [
      ...(found?.kind === 'found' ? [{ kind: 'addressFound' } satisfies NewEvent] : []),
      {
        kind: 'channelDecided',
        detail: { channel: decision.ruling.kind, rule: decision.rule, reason: decision.reason },
      },
      ...(decision.ruling.kind === 'unnotified' ? [{ kind: 'unnotified' } satisfies NewEvent] : []),
    ],
    decision: record(letter, facts, asked, decision, context),
  };
}

function chosenBy({ ruling }: Decision): LetterChanges {
  if (ruling.kind === 'eInvoice') return { eInvoiceAddress: ruling.address };
  return 'supplier' in ruling ? { supplier: ruling.supplier } : {};
}

function foundChanges(found: FoundAddress | undefined): LetterChanges {
  if (found?.kind === 'found') return { address: found.address };
  return found?.kind === 'protected' ? { protectedIdentity: true } : {};
}

function outcomeOf({ ruling }: Decision): StageOutcome {
  if (ruling.kind === 'case') return { kind: 'manual', reason: ruling.reason };
  return ruling.kind === 'unnotified' ? { kind: 'unnotified' } : { kind: 'done', channel: ruling.kind };
}

/** The question and the answer as they were, without the recipient's number: the letter's row has it, the record need not repeat it. */
function record(
  letter: ClaimedLetter,
  facts: SwitchFacts,
  asked: boolean,
  decision: Decision,
  context: StageContext,
): NewDecision {
  const question = {
    askedFar: asked,
    senderOrgNr: letter.organisation.organizationNumber,
    policy: facts.policy,
    addressKnown: facts.addressKnown,
    ...(facts.addressFlagged ? { addressFlagged: true } : {}),
    ...(facts.dispatcher === undefined ? {} : { dispatcher: facts.dispatcher.name }),
    ...(facts.addressSource === undefined ? {} : { addressSource: facts.addressSource }),
    ...(isEInvoiceAsked(facts) ? { askedEInvoice: true } : {}),
    paperOrdered: letter.paperOrdered,
    ...(letter.eInvoiceFailure === undefined ? {} : { eInvoiceFailure: letter.eInvoiceFailure }),
    ...(facts.notice === undefined
      ? {}
      : {
          noticeChannels: facts.notice.channels,
          phoneKnown: facts.notice.known.sms,
          emailKnown: facts.notice.known.email,
        }),
    digitalFailure: letter.digitalFailure ?? null,
    lookup: letter.lookups + (asked ? 1 : 0),
    at: context.clock.now().toISOString(),
  };
  const answer = {
    ...(isEInvoiceAsked(facts) ? eInvoiceAnswerOf(facts) : {}),
    ...(facts.reachability === undefined ? {} : answerOf(facts.reachability)),
  };
  return { question, answer, decision };
}

function isEInvoiceAsked({ eInvoice: { kind } }: SwitchFacts): boolean {
  return kind === 'wanted' || kind === 'notWanted' || kind === 'unavailable';
}

/** Without the address: for a person it tells which bank she has. The letter's row has it until its content is erased. */
function eInvoiceAnswerOf({ eInvoice }: SwitchFacts): Record<string, unknown> {
  if (eInvoice.kind === 'unavailable') return { eInvoice: 'unavailable' };
  return eInvoice.kind === 'wanted'
    ? { eInvoice: 'wanted', eInvoiceScheme: eInvoice.address.scheme }
    : { eInvoice: 'notWanted' };
}

function answerOf(status: ReachabilityStatus): Record<string, unknown> {
  const { RecipientId: _, ...account } = status.AccountStatus;
  return { ...account, SenderAccepted: status.SenderAccepted };
}

function factsOf(letter: ClaimedLetter, context: StageContext): SwitchFacts {
  const isConnected = context.eInvoice !== undefined;
  return {
    recipient: letter.recipient,
    protectedIdentity: letter.protectedIdentity,
    policy: letter.flow.channelPolicy,
    ...noticeFacts(letter, context),
    paperOrdered: letter.paperOrdered,
    addressKnown: letter.address !== undefined,
    dispatcher: dispatcherOf(letter),
    addressSource: undefined,
    digitalFailure: letter.digitalFailure,
    eInvoice: eInvoiceFactsOf(letter, isConnected),
    lookups: letter.lookups,
    reachability: undefined,
  };
}

/** Handed in as one, or by REST in a flow that is nothing else. */
function noticeFacts(
  letter: ClaimedLetter,
  { content, notices }: StageContext,
): Pick<SwitchFacts, 'isNotice' | 'notice'> {
  const isNotice = letter.noticeHash !== undefined || letter.flow.notification === 'noticeOnly';
  if (!isNotice) return { isNotice };
  const { channels, failure } = noticeOf(letter.flow);
  const { phone, email } = content.openContact(letter, letter.sealedContact);
  const notice = {
    ...{ channels, failureIsCase: failure === 'case', failures: letter.noticeFailures },
    known: { sms: phone !== undefined, email: email !== undefined },
    connected: notices.connected,
    isPlainText: letter.bodyContentType === 'text/plain',
  };
  return { isNotice, notice };
}

function waitForRegister(letter: ClaimedLetter, error: SoapCallError): StageResult {
  const detail = { cause: error.kind, ...(error.fault ? { errorCode: error.fault.errorCode } : {}) };
  return waiting(letter, `far:${error.kind}`, { kind: 'waitsForRegister', detail });
}

/** FaR answered but left this id out; the contract promises one answer per id, so this is FaR's fault and may pass. */
function waitForAnswer(letter: ClaimedLetter): StageResult {
  const detail = { cause: 'noAnswerForRecipient' };
  return waiting(letter, 'far:noAnswerForRecipient', { kind: 'waitsForRegister', detail });
}

function waitForAddress(letter: ClaimedLetter, cause: string): StageResult {
  return waiting(letter, 'addressSource', { kind: 'waitsForAddress', detail: { cause } });
}

function waitForEInvoice(letter: ClaimedLetter, cause: string): StageResult {
  return waiting(letter, 'eInvoiceRegistry', { kind: 'waitsForEInvoiceRegistry', detail: { cause } });
}

/** Told once, however often it is tried. */
function waiting(letter: ClaimedLetter, reason: string, event: NewEvent): StageResult {
  return {
    letter,
    outcome: { kind: 'retry', reason, certainty: 'notDelivered' },
    events: letter.attempts === 1 ? [event] : [],
  };
}

function split<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
