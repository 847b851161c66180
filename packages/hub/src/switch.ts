import { type ReachabilityStatus, type RecipientId, recipientKind, type ServiceSupplier } from '@brevduva/protocol';
import type { FoundAddress } from './addressSource.ts';
import type { EInvoiceFacts } from './eInvoice/eInvoiceFacts.ts';
import type { EInvoiceAddress } from './eInvoice/eInvoiceRegistry.ts';
import { asSupplier, type ExternalDispatcher } from './externalDispatcher.ts';
import type {
  ChannelPolicy,
  DigitalFailure,
  EInvoiceFailure,
  NoticeChannel,
  NoticeFailure,
  NoticeFailureReason,
} from './letter.ts';

/**
 * The channel switch (kanalväxel, design 4): facts in, one ruling out, together with what every rule said. It is pure: it asks
 * nobody, so that the same facts always give the same ruling and the decision record can be checked afterwards.
 */
export function decideChannel(facts: SwitchFacts): Decision {
  const tried: RuleTried[] = [];
  for (const rule of SWITCH_RULES) {
    const verdict = rule.judge(facts);
    tried.push(...(verdict.steps ?? []));
    if (verdict.wins) {
      tried.push({ rule: rule.name, won: true, why: verdict.why });
      return { ruling: verdict.ruling, rule: rule.name, reason: verdict.why, tried };
    }
    tried.push({ rule: rule.name, won: false, why: verdict.why });
  }
  // The last rule always wins; reaching this line is a fault in the table, not in the letter.
  throw new Error('the switch table has no last rule');
}

export interface SwitchFacts {
  readonly recipient: RecipientId;
  readonly protectedIdentity: boolean;
  readonly policy: ChannelPolicy;
  /** No letter but a notice of one; it goes by the operator's `notify` or not at all. */
  readonly isNotice: boolean;
  /** How a notice may go; unless given, to the mailbox only. */
  readonly notice?: NoticeFacts;
  /** A person ordered paper for this one letter (case action). */
  readonly paperOrdered: boolean;
  readonly addressKnown: boolean;
  /** Mail to that address has come back. */
  readonly addressFlagged?: boolean;
  /** Who dispatches the flow's letters, when it is not this hub. */
  readonly dispatcher: ExternalDispatcher | undefined;
  /** What the address source said of a person without a given address; undefined when it was not asked. */
  readonly addressSource: FoundAddress['kind'] | undefined;
  /** Whether it is an invoice that may go as e-invoice, and what the registry said. */
  readonly eInvoice: EInvoiceFacts;
  /** FaR's answer for the recipient, or undefined when FaR was not asked because no rule needs it. */
  readonly reachability: ReachabilityStatus | undefined;
  /** Why an earlier digital attempt ended for good, if one did. */
  readonly digitalFailure: DigitalFailure | undefined;
  /** How many times FaR has been asked for this letter before. */
  readonly lookups: number;
}

export interface NoticeFacts {
  /** In the flow's order. */
  readonly channels: readonly NoticeChannel[];
  readonly failureIsCase: boolean;
  /** Which of the recipient's contacts are known. */
  readonly known: Readonly<Record<MessageChannel, boolean>>;
  /** Which gateways this node has. */
  readonly connected: Readonly<Record<MessageChannel, boolean>>;
  readonly isPlainText: boolean;
  readonly failures: readonly NoticeFailure[];
}

type MessageChannel = Exclude<NoticeChannel, 'mailbox'>;

export type Ruling =
  | { readonly kind: 'digital'; readonly supplier: ServiceSupplier }
  | { readonly kind: 'paper' }
  | { readonly kind: 'eInvoice'; readonly address: EInvoiceAddress }
  | { readonly kind: 'dispatcher'; readonly supplier: ServiceSupplier }
  | { readonly kind: 'notification'; readonly supplier: ServiceSupplier }
  | { readonly kind: 'sms' }
  | { readonly kind: 'email' }
  | { readonly kind: 'unnotified' }
  | { readonly kind: 'case'; readonly reason: CaseReason };

/** Why a person must act; texts and next actions are in caseReasons.ts. */
export type CaseReason =
  | 'protectedIdentity'
  | 'recipientDeceased'
  | 'noChannel'
  | 'digitalFailedPaperNotAllowed'
  | 'outcomeUnknownTooLong'
  | 'eInvoiceUnknownTooLong'
  | 'eInvoiceUnconfirmed'
  | 'registerDownTooLong'
  | 'contentDoesNotFit'
  | 'documentFailed'
  | 'sealFailed'
  | 'handOverFailed'
  | 'confirmFailed'
  | 'pendingTooLong'
  | 'distributionLost'
  | 'readStatusUnknown'
  | 'unreadNotOnPaper'
  | 'noticeFailed'
  | 'noticeUnknown'
  | 'printRejected'
  | 'returned'
  | 'addressReturned'
  | 'stageFailed';

export interface RuleTried {
  readonly rule: string;
  readonly won: boolean;
  readonly why: string;
}

export interface Decision {
  readonly ruling: Ruling;
  readonly rule: string;
  readonly reason: string;
  readonly tried: readonly RuleTried[];
}

/** `steps`: what the rule itself tried before, in its order. */
type Verdict = ({ wins: true; ruling: Ruling; why: string } | { wins: false; why: string }) & {
  readonly steps?: readonly RuleTried[];
};

interface SwitchRule {
  readonly name: string;
  readonly judge: (facts: SwitchFacts) => Verdict;
}

const wins = (ruling: Ruling, why: string): Verdict => ({ wins: true, ruling, why });
const loses = (why: string): Verdict => ({ wins: false, why });

/** A mailbox that closed between look-up and delivery is looked up again once (scenario 10), then the flow's rule decides. */
const LOOKUPS_MAX = 2;

/**
 * The rules in their order. Rule 1 of design 4 (a valid recipient id) is enforced by the type: an invalid id is refused at intake
 * and never becomes a letter. A notice (rule 4) goes by the channels of its flow, and by nothing else.
 */
export const SWITCH_RULES: readonly SwitchRule[] = [
  { name: 'protectedIdentity', judge: judgeProtectedIdentity },
  { name: 'paperOrdered', judge: judgePaperOrdered },
  { name: 'unread', judge: judgeUnread },
  { name: 'notice', judge: judgeNotice },
  { name: 'paperOnlyFlow', judge: judgePaperOnlyFlow },
  { name: 'eInvoice', judge: judgeEInvoice },
  { name: 'externalDispatcher', judge: judgeExternalDispatcher },
  { name: 'digitalMailbox', judge: judgeDigitalMailbox },
  { name: 'deceased', judge: judgeDeceased },
  { name: 'paperAddress', judge: judgePaperAddress },
  { name: 'person', judge: judgePerson },
];

/** Must the registry of e-invoices be asked before the switch can decide? Before FaR, whom nobody need ask about an e-invoice. */
export function needsEInvoiceRegistry(facts: SwitchFacts): boolean {
  const isElsewhere = facts.protectedIdentity || facts.paperOrdered || facts.isNotice || facts.policy === 'paperOnly';
  if (facts.digitalFailure === 'unread') return false;
  return facts.eInvoice.kind === 'notAsked' && !isElsewhere;
}

/** Must FaR be asked before the switch can decide? Rules that need no register come first, so that nobody is looked up in vain. */
export function needsReachability(facts: Omit<SwitchFacts, 'reachability'>): boolean {
  if (facts.isNotice) return !facts.protectedIdentity && !facts.paperOrdered && noticeNeedsMailbox(facts);
  const mayGoDigitally = facts.policy !== 'paperOnly';
  if (handsOverUnasked(facts)) return false;
  const isEInvoice = facts.eInvoice.kind === 'wanted';
  return !facts.protectedIdentity && !facts.paperOrdered && mayGoDigitally && !isEInvoice && mayTryDigital(facts);
}

/** Cases that a postal address from the register would spare a person. */
const WANT_ADDRESS: readonly CaseReason[] = ['noChannel', 'unreadNotOnPaper', 'addressReturned'];

/**
 * Is a postal address wanted that the address source may have? Only of persons, and only where nothing but the address is missing. The
 * switch is asked first without, so that nobody's address is fetched for a letter that goes digitally.
 */
export function needsAddress(facts: SwitchFacts, decision: Decision): boolean {
  const wantsPaper = facts.policy !== 'digitalOnly' || facts.paperOrdered;
  return (
    facts.addressSource === undefined &&
    wantsPaper &&
    (!facts.addressKnown || facts.addressFlagged === true) &&
    decision.ruling.kind === 'case' &&
    WANT_ADDRESS.includes(decision.ruling.reason) &&
    recipientKind(facts.recipient) !== 'organization'
  );
}

function judgeProtectedIdentity(facts: SwitchFacts): Verdict {
  if (facts.addressSource === 'protected') {
    return wins(
      { kind: 'case', reason: 'protectedIdentity' },
      'Folkbokföringen uppger att mottagaren har skyddad identitet.',
    );
  }
  return facts.protectedIdentity
    ? wins({ kind: 'case', reason: 'protectedIdentity' }, 'Mottagaren har skyddad identitet och hanteras av en person.')
    : loses('Mottagaren är inte markerad som skyddad.');
}

function judgePaperOrdered(facts: SwitchFacts): Verdict {
  if (!facts.paperOrdered) return loses('Ingen har begärt papper för brevet.');
  return facts.addressKnown
    ? wins({ kind: 'paper' }, 'En handläggare har beslutat att brevet ska gå på papper.')
    : loses('Papper är begärt men postadress saknas.');
}

/** Delivered and not opened: it goes on paper as well or stays as it is, and by no other way, for the recipient has it already. */
function judgeUnread({ digitalFailure, addressKnown, addressSource, addressFlagged }: SwitchFacts): Verdict {
  if (digitalFailure !== 'unread') return loses('Brevet ligger inte oöppnat i en brevlåda.');
  if (addressSource === 'deceased') return loses('Brevet är oöppnat men mottagaren är avliden.');
  if (addressFlagged) return loses(FLAGGED);
  return addressKnown || addressSource === 'found'
    ? wins({ kind: 'paper' }, DIGITAL_FAILURE_TEXTS.unread)
    : loses('Brevet är oöppnat men postadress saknas.');
}

/**
 * The flow's channels in their order: the first that can is the notice's, and every one before it says why it cannot. When none can, nobody is
 * told: a notice is not worth paper, nor a person's time for each recipient, unless its flow says so.
 */
function judgeNotice(facts: SwitchFacts): Verdict {
  if (!facts.isNotice) return loses('Det är ett brev och ingen avisering.');
  if (facts.paperOrdered) return loses('Brevet ska inte gå digitalt.');
  const { channels, failureIsCase } = facts.notice ?? MAILBOX_ONLY;
  const steps: RuleTried[] = [];
  for (const channel of channels) {
    const verdict =
      channel === 'mailbox' ? judgeNoticeMailbox(facts) : judgeMessage(channel, facts.notice ?? MAILBOX_ONLY);
    if (verdict.wins) return { ...verdict, steps };
    steps.push({ rule: NOTICE_RULES[channel], won: false, why: verdict.why });
  }
  const why = steps.map((step) => step.why).join(' ');
  const shown = steps.length > 1 ? steps : [];
  const ruling: Ruling = failureIsCase ? { kind: 'case', reason: 'noticeFailed' } : { kind: 'unnotified' };
  return { ...wins(ruling, why), steps: shown };
}

const MAILBOX_ONLY: NoticeFacts = {
  channels: ['mailbox'],
  failureIsCase: false,
  known: { sms: false, email: false },
  connected: { sms: false, email: false },
  isPlainText: true,
  failures: [],
};

const NOTICE_RULES: Readonly<Record<NoticeChannel, string>> = {
  mailbox: 'noticeMailbox',
  sms: 'noticeSms',
  email: 'noticeEmail',
};

function judgeNoticeMailbox(facts: SwitchFacts): Verdict {
  const verdict = mayTryDigital(facts)
    ? judgeReachability(facts.reachability)
    : loses(DIGITAL_FAILURE_TEXTS[facts.digitalFailure ?? 'refused']);
  if (!verdict.wins || verdict.ruling.kind !== 'digital') return verdict;
  return { ...verdict, ruling: { ...verdict.ruling, kind: 'notification' } };
}

function judgeMessage(channel: MessageChannel, facts: NoticeFacts): Verdict {
  const failed = facts.failures.find((failure) => failure.channel === channel);
  const texts = MESSAGE_TEXTS[channel];
  if (failed !== undefined) return loses(texts[failed.why]);
  if (!facts.known[channel]) return loses(texts.notKnown);
  if (!facts.connected[channel]) return loses(texts.notConnected);
  if (!facts.isPlainText) return loses(texts.notPlain);
  return wins({ kind: channel }, texts.chosen);
}

/** Is the mailbox tried before a channel that needs no register? */
function noticeNeedsMailbox(facts: Omit<SwitchFacts, 'reachability'>): boolean {
  const notice = facts.notice ?? MAILBOX_ONLY;
  const first = notice.channels.find((channel) =>
    channel === 'mailbox' ? mayTryDigital(facts) : judgeMessage(channel, notice).wins,
  );
  return first === 'mailbox';
}

function judgePaperOnlyFlow(facts: SwitchFacts): Verdict {
  if (facts.policy !== 'paperOnly') return loses('Flödet kräver inte papper.');
  if (facts.addressFlagged) return loses(FLAGGED);
  return facts.addressKnown
    ? wins({ kind: 'paper' }, 'Flödet skickas alltid på papper.')
    : loses('Flödet kräver papper men postadress saknas.');
}

function judgeEInvoice({ eInvoice, policy, paperOrdered }: SwitchFacts): Verdict {
  if (policy === 'paperOnly' || paperOrdered) return loses('Brevet ska inte gå digitalt.');
  if (eInvoice.kind === 'failed') return loses(EINVOICE_FAILURE_TEXTS[eInvoice.failure]);
  if (eInvoice.kind !== 'wanted') return loses(EINVOICE_TEXTS[eInvoice.kind]);
  return wins({ kind: 'eInvoice', address: eInvoice.address }, 'Mottagaren tar emot fakturan som e-faktura.');
}

const EINVOICE_TEXTS: Readonly<Record<Exclude<EInvoiceFacts['kind'], 'failed' | 'wanted'>, string>> = {
  notInvoice: 'Flödet skickar inga e-fakturor, eller brevet är ingen faktura.',
  notConnected: 'Inget e-fakturaregister är anslutet.',
  incomplete: 'Uppgifter som en e-faktura måste ha saknas.',
  notAsked: 'E-fakturaregistret är inte tillfrågat.',
  notWanted: 'Mottagaren har inte anmält sig för e-faktura.',
  unavailable: 'E-fakturaregistret svarade inte inom flödets tidsgräns.',
};

const EINVOICE_FAILURE_TEXTS: Readonly<Record<EInvoiceFailure, string>> = {
  eInvoiceRejected: 'E-fakturan togs inte emot.',
  eInvoiceRulesBroken: 'Fakturan följer inte reglerna för e-faktura.',
  eInvoiceDeadlinePassed: 'E-fakturan kunde inte lämnas över inom flödets tidsgräns.',
};

/**
 * Hands over to somebody else's dispatcher. The contract has no word for the channel: who dispatches decides it. So a letter whose flow
 * wants one channel only goes there only where the other cannot come of it.
 */
function judgeExternalDispatcher(facts: SwitchFacts): Verdict {
  const { dispatcher, digitalFailure } = facts;
  if (dispatcher === undefined) return loses('Flödet har ingen extern förmedlare.');
  const { name } = dispatcher;
  if (facts.policy === 'paperOnly' || facts.paperOrdered) return loses('Brevet ska inte gå digitalt.');
  if (!mayHandOver(facts))
    return loses(`Förmedlaren ${name} skriver ut det som inte kan gå digitalt, och det får inte brevet.`);
  if (digitalFailure !== undefined) return loses(DIGITAL_FAILURE_TEXTS[digitalFailure]);
  const ruling = { kind: 'dispatcher', supplier: asSupplier(dispatcher) } as const;
  if (handsOverUnasked(facts)) return wins(ruling, `Förmedlaren ${name} avgör hur brevet ska gå.`);
  const reach = judgeReachability(facts.reachability);
  if (reach.wins) return wins(ruling, `Mottagaren har en digital brevlåda; ${name} förmedlar brevet.`);
  // Nobody knows whether there is a mailbox: paper is never guessed, here as little as at home.
  if (facts.reachability === undefined || dispatcher.takes === 'digital') return loses(reach.why);
  if (facts.addressKnown && dispatcher.addresses === 'register') {
    return loses(`Brevet har en egen postadress, och den kan inte följa med till ${name}.`);
  }
  return wins(ruling, `Brevet kan inte gå digitalt; ${name} skriver ut det.`);
}

/** Whatever the dispatcher makes of it is something that the flow allows. */
function mayHandOver({ policy, dispatcher }: Pick<SwitchFacts, 'policy' | 'dispatcher'>): boolean {
  return policy === 'digitalFirst' || (policy === 'digitalOnly' && dispatcher?.takes === 'digital');
}

/** All of the switch is left to the dispatcher: FaR is asked there. */
function handsOverUnasked(facts: Omit<SwitchFacts, 'reachability'>): boolean {
  const { dispatcher, digitalFailure, isNotice } = facts;
  return !isNotice && dispatcher?.asksRegister === 'them' && digitalFailure === undefined && mayHandOver(facts);
}

function judgeDigitalMailbox(facts: SwitchFacts): Verdict {
  if (facts.policy === 'paperOnly' || facts.paperOrdered) return loses('Brevet ska inte gå digitalt.');
  if (!mayTryDigital(facts)) return loses(DIGITAL_FAILURE_TEXTS[facts.digitalFailure ?? 'refused']);
  return judgeReachability(facts.reachability);
}

/** Whether FaR says that the recipient has a mailbox that takes the sender's letters. */
export function isReachable(answer: ReachabilityStatus | undefined): boolean {
  return judgeReachability(answer).wins;
}

/** FACTS (d): reachable means Secure, accepted, not pending, with a supplier; whoever the operator is (operators are data). */
function judgeReachability(answer: ReachabilityStatus | undefined): Verdict {
  if (answer === undefined) return loses('FaR gav inget svar för mottagaren.');
  const { AccountStatus: account, SenderAccepted } = answer;
  if (account.Type !== 'Secure') return loses('Mottagaren har ingen digital brevlåda.');
  if (account.Pending) return loses('Mottagarens brevlåda väntar på fler underskrifter.');
  if (!SenderAccepted) return loses('Mottagaren har valt bort digital post från avsändaren.');
  if (account.ServiceSupplier === undefined || account.ServiceSupplier.ServiceAdress.trim() === '') {
    return loses('FaR anger ingen brevlådeoperatör för mottagaren.');
  }
  const supplier = account.ServiceSupplier;
  return wins({ kind: 'digital', supplier }, `Mottagaren har en digital brevlåda hos ${supplier.Name}.`);
}

/** Who has died has no mailbox that may be guessed at, and no address; what becomes of the letter is a person's to say (scenario 22). */
function judgeDeceased({ addressSource }: SwitchFacts): Verdict {
  return addressSource === 'deceased'
    ? wins({ kind: 'case', reason: 'recipientDeceased' }, 'Mottagaren är avliden enligt folkbokföringen.')
    : loses('Inget säger att mottagaren är avliden.');
}

function judgePaperAddress(facts: SwitchFacts): Verdict {
  if (facts.policy === 'digitalOnly' && !facts.paperOrdered) return loses('Flödet får inte skickas på papper.');
  if (facts.addressFlagged) return loses(FLAGGED);
  if (facts.addressSource === 'found') {
    return wins({ kind: 'paper' }, 'Brevet kan inte gå digitalt och postadressen finns i folkbokföringen.');
  }
  if (facts.addressKnown) return wins({ kind: 'paper' }, 'Brevet kan inte gå digitalt och postadressen är känd.');
  return loses(facts.addressSource === 'unknown' ? 'Postadress saknas, även i folkbokföringen.' : 'Postadress saknas.');
}

const FLAGGED = 'Post till adressen har kommit tillbaka.';

function judgePerson(facts: SwitchFacts): Verdict {
  return wins({ kind: 'case', reason: reasonOf(facts) }, 'Ingen kanal är möjlig; en person behöver ta ställning.');
}

/** Of a letter that lies unopened in its mailbox it would be wrong to say that no channel took it. */
function reasonOf({ digitalFailure, addressKnown, addressFlagged }: SwitchFacts): CaseReason {
  if (addressFlagged) return 'addressReturned';
  if (digitalFailure === 'unread') return 'unreadNotOnPaper';
  return digitalFailure !== undefined && addressKnown ? 'digitalFailedPaperNotAllowed' : 'noChannel';
}

function mayTryDigital(facts: Pick<SwitchFacts, 'digitalFailure' | 'lookups'>): boolean {
  if (facts.digitalFailure === undefined) return true;
  return facts.digitalFailure === 'mailboxClosed' && facts.lookups < LOOKUPS_MAX;
}

const DIGITAL_FAILURE_TEXTS: Readonly<Record<DigitalFailure, string>> = {
  mailboxClosed: 'Brevlådan stängdes mellan uppslag och leverans, och är stängd även efter ett nytt uppslag.',
  refused: 'Brevlådeoperatören tog inte emot brevet.',
  deadlinePassed: 'Brevet kunde inte levereras digitalt inom flödets tidsgräns.',
  contentTooLarge: 'Brevet är för stort för digital post.',
  dispatcherRefused: 'Den externa förmedlaren tog inte emot brevet.',
  dispatcherFailed: 'Den externa förmedlaren kunde inte leverera brevet.',
  unread: 'Brevet ligger i brevlådan men har inte öppnats inom flödets tid.',
};

type MessageText = NoticeFailureReason | 'notKnown' | 'notConnected' | 'notPlain' | 'chosen';

const MESSAGE_TEXTS: Readonly<Record<MessageChannel, Readonly<Record<MessageText, string>>>> = {
  sms: {
    chosen: 'Mottagarens mobilnummer är känt, och aviseringen går som SMS.',
    notKnown: 'Mottagarens mobilnummer är inte känt.',
    notConnected: 'Ingen SMS-gateway är ansluten.',
    notPlain: 'Texten är HTML och kan inte gå som SMS.',
    refused: 'SMS-gatewayen tog inte emot meddelandet.',
    notReached: 'SMS:et kom inte fram.',
    deadlinePassed: 'SMS:et kunde inte skickas inom flödets tidsgräns.',
    outcomeUnknown: 'Det är okänt om SMS:et kom fram.',
  },
  email: {
    chosen: 'Mottagarens e-postadress är känd, och aviseringen går som e-post.',
    notKnown: 'Mottagarens e-postadress är inte känd.',
    notConnected: 'Ingen e-postserver är ansluten.',
    notPlain: 'Texten är HTML och går inte som e-post.',
    refused: 'Mottagarens e-postserver tog inte emot meddelandet.',
    notReached: 'E-postmeddelandet kom tillbaka.',
    deadlinePassed: 'E-postmeddelandet kunde inte skickas inom flödets tidsgräns.',
    outcomeUnknown: 'Det är okänt om e-postmeddelandet kom fram.',
  },
};
