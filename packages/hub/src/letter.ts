import type { OrganizationNumber, RecipientId, ServiceSupplier } from '@brevduva/protocol';
import type { EInvoiceAddress } from './eInvoice/eInvoiceRegistry.ts';
import type { ExternalDispatcher } from './externalDispatcher.ts';
import type { Creditor } from './invoice/creditor.ts';
import type { Invoice } from './invoice/invoice.ts';
import type { NoticeSettings, OrganisationNotices } from './notices/noticeSettings.ts';
import type { PostalAddress } from './paper/address.ts';
import type { EnvelopeKind, PrintLayout } from './paper/printLayout.ts';
import type { PaperFormat, PrintSheets } from './paper/printSheet.ts';
import type { Prices } from './prices.ts';
import type { Channel, LetterState, StageName } from './states.ts';

export type ChannelPolicy = 'digitalFirst' | 'digitalOnly' | 'paperOnly';

/**
 * Why an attempt on the digital channel ended for good; only authoritative answers lead here (design 3, unknown outcome). `unread`: it was
 * delivered, and nobody has opened it by the flow's deadline; it stays delivered whatever comes after.
 */
export type DigitalFailure =
  | 'mailboxClosed'
  | 'refused'
  | 'deadlinePassed'
  | 'contentTooLarge'
  | 'dispatcherRefused'
  | 'dispatcherFailed'
  | 'unread';

/** How a notice may go: to the mailbox by its operator's `notify`, or to the recipient's telephone or e-mail address. */
export const NOTICE_CHANNELS = ['mailbox', 'sms', 'email'] as const;
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

/**
 * Why a notice ended on a channel. `refused`: the gateway or the receiving server did not take it. `notReached`: a later report said that it did
 * not arrive. `deadlinePassed`: it could not be handed over in time. `outcomeUnknown`: it left and nothing was heard of it.
 */
export type NoticeFailureReason = 'refused' | 'notReached' | 'deadlinePassed' | 'outcomeUnknown';

export interface NoticeFailure {
  readonly channel: 'sms' | 'email';
  readonly why: NoticeFailureReason;
}

/** Why an attempt as e-invoice ended for good: it was rejected, may not be sent as it is, or could not be handed over in time. */
export const EINVOICE_FAILURES = ['eInvoiceRejected', 'eInvoiceRulesBroken', 'eInvoiceDeadlinePassed'] as const;
export type EInvoiceFailure = (typeof EINVOICE_FAILURES)[number];

/** Why a channel ended for good. */
export type ChannelFailure = DigitalFailure | EInvoiceFailure;

export function isEInvoiceFailure(failure: ChannelFailure): failure is EInvoiceFailure {
  return EINVOICE_FAILURES.some((each) => each === failure);
}

/** Smaller goes first: a caseworker's single letter never waits behind a mailing. */
export const LANES = { interactive: 0, normal: 1, bulk: 2 } as const;
export type Lane = keyof typeof LANES;

/** `normal`, or `sensitive`: neither subject nor sender's unit may show in a notice. */
export type Sensitivity = 'normal' | 'sensitive';

/**
 * SMS and e-mail of a flow: `none`; `noticeOnly`, the notice is all there is (no sensitive content); `withLetter`, it tells that a
 * letter came; `whenUnread`, it reminds of one that nobody has opened.
 */
export type NotificationPolicy = 'none' | 'noticeOnly' | 'withLetter' | 'whenUnread';

/** What is done with a letter that nobody has opened. */
export const UNREAD_ACTIONS = ['nothing', 'print', 'remind'] as const;
export type UnreadAction = (typeof UNREAD_ACTIONS)[number];

/** When letters may leave, in Swedish local time. `to` before `from` goes over midnight. */
export interface SendWindow {
  /** `HH:MM` */
  readonly from: string;
  readonly to: string;
  /** ISO 8601: 1 is Monday. */
  readonly weekdays: readonly number[];
}

/** Local times of a configuration are of this zone, whichever the organisation. */
export const TIME_ZONE = 'Europe/Stockholm';

export interface LetterKey {
  readonly organisationId: string;
  readonly id: string;
}

export interface AttachmentFacts {
  readonly filename: string;
  readonly contentType: string;
  readonly hash: Buffer;
  readonly plainBytes: number;
}

/** A claimed letter as the stages see it: facts only, no content. */
export interface ClaimedLetter extends LetterKey {
  readonly recipient: RecipientId;
  readonly subject: string;
  readonly language: string;
  readonly reference: string | undefined;
  readonly address: PostalAddress | undefined;
  readonly protectedIdentity: boolean;
  readonly bodyContentType: string;
  readonly bodyHash: Buffer;
  /** The delivery as its sender signed it, where the sender has; then we seal it and sign nothing inside. */
  readonly signedHash: Buffer | undefined;
  /** What the body is filled with; undefined: it goes as it stands. */
  readonly sealedValues: Buffer | undefined;
  /** The recipient's number and address; undefined: none was given. */
  readonly sealedContact: Buffer | undefined;
  /** Channels by which its notice did not reach the recipient. */
  readonly noticeFailures: readonly NoticeFailure[];
  /** The notification that this letter tells one recipient of; it is then no letter of its own. */
  readonly noticeHash: Buffer | undefined;
  readonly attachments: readonly AttachmentFacts[];
  /** What the recipient is to pay by it, where it is an invoice. */
  readonly invoice: Invoice | undefined;
  /** The invoice in UBL as it goes to the recipient's bank: as its system handed it in, or as we made it. Its bytes never change. */
  readonly invoiceXmlHash: Buffer | undefined;
  /** Where the e-invoice goes, as the registry said. */
  readonly eInvoiceAddress: EInvoiceAddress | undefined;
  readonly eInvoiceFailure: EInvoiceFailure | undefined;
  /** What its own PDF is still to be made of, and called. */
  readonly document: { readonly hash: Buffer; readonly filename: string } | undefined;
  readonly envelopeBytes: number;
  readonly createdAt: Date;
  /** What has not left by then is not sent. */
  readonly expiresAt: Date | undefined;
  readonly state: LetterState;
  readonly stage: StageName;
  readonly channel: Channel | undefined;
  /** Attempts at the present stage, this one included. */
  readonly attempts: number;
  readonly stageEnteredAt: Date;
  readonly digitalFailure: DigitalFailure | undefined;
  readonly lookups: number;
  /** The operator; or, on that channel, the external dispatcher. */
  readonly supplier: ServiceSupplier | undefined;
  /** What the external dispatcher calls it. */
  readonly distributionId: string | undefined;
  readonly paperOrdered: boolean;
  readonly printHash: Buffer | undefined;
  readonly print: PrintFacts | undefined;
  readonly lane: Lane;
  readonly organisation: OrganisationFacts;
  /** With the mailing's own choices in place of the flow's. */
  readonly flow: FlowFacts;
}

/** Whose page carries the address on paper: always ours, always the document's own, or the document's where it has the address in its place. */
export const FIRST_PAGES = ['cover', 'own', 'auto'] as const;
export type FirstPageRule = (typeof FIRST_PAGES)[number];

/** An envelope with a window, of the print shop's; or the unit's own, that has its bar code printed on it. */
export const FLOW_ENVELOPES = ['window', 'barcode'] as const;
export type FlowEnvelope = (typeof FLOW_ENVELOPES)[number];

/** The unit's envelopes with the bar code that its postage is posted by. */
export interface UnitEnvelope {
  readonly code: string;
  /** Undefined: every size of the layout. */
  readonly sizes: readonly EnvelopeKind[] | undefined;
}

export type PdfAccessibilityRule = 'off' | 'warn' | 'stop';

/** What the composed print is, for the print shop: envelope by sheets and weight, postage by weight. */
export interface PrintFacts extends Omit<PrintSheets, 'pdf'> {
  readonly duplex: boolean;
  readonly colour: boolean;
  /** Of the unit's own envelope, where it goes in one: its postage is posted by it. */
  readonly envelopeCode?: string;
}

export interface OrganisationFacts {
  readonly id: string;
  readonly organizationNumber: OrganizationNumber;
  readonly name: string;
  readonly returnAddress: PostalAddress;
  readonly support: SupportInfo;
  /** How much of each lane goes to this organisation when several have letters waiting in it, 1–100. */
  readonly laneWeights: Readonly<Record<Lane, number>>;
  readonly prices: Prices;
  /** What stands of it in invoices that we write; undefined: it has not said, and none are written. */
  readonly creditor: Creditor | undefined;
  /** Papers and envelopes beside the standard one. */
  readonly printLayouts: readonly PrintLayout[];
  readonly dispatchers: readonly ExternalDispatcher[];
  readonly notices: OrganisationNotices | undefined;
}

export interface SupportInfo {
  readonly text: string;
  readonly url?: string;
  readonly phone?: string;
  readonly email?: string;
}

export interface FlowFacts {
  readonly code: string;
  readonly name: string;
  readonly unitCode: string;
  readonly unitName: string;
  readonly channelPolicy: ChannelPolicy;
  readonly digitalHours: number;
  readonly caseHours: number;
  readonly postageClass: 'economy' | 'priority';
  /** Code of the organisation's layout; undefined: the standard one. */
  readonly printLayout: string | undefined;
  /** What its paper is: a letter in an envelope, or an open postcard. */
  readonly paperFormat: PaperFormat;
  readonly duplex: boolean;
  readonly colour: boolean;
  readonly firstPage: FirstPageRule;
  readonly envelope: FlowEnvelope;
  /** The unit's, if it has any. */
  readonly unitEnvelope: UnitEnvelope | undefined;
  /** What a PDF that cannot be read aloud leads to, when it is handed in. */
  readonly pdfAccessibility: PdfAccessibilityRule;
  /** Code of the print shop; undefined: the organisation's only one, or its folder. */
  readonly printShop: string | undefined;
  readonly templateCode: string | undefined;
  /** For ways in whose letters bring no subject of their own. */
  readonly defaultSubject: string | undefined;
  readonly sensitivity: Sensitivity;
  readonly replyAllowed: boolean;
  /** Content is erased so many days after the letter came to rest. */
  readonly retentionDays: number;
  readonly notification: NotificationPolicy;
  /** How its notices go; undefined: by default (noticeSettings.ts). */
  readonly notice: NoticeSettings | undefined;
  /** The letter expires so many hours after it was handed in. */
  readonly lifetimeHours: number | undefined;
  /** An invoice goes as e-invoice to those who have one. */
  readonly eInvoice: boolean;
  /** So long an invoice waits for a registry of e-invoices that does not answer; undefined: until a person has the letter. */
  readonly eInvoiceWaitHours: number | undefined;
  /** Value added tax within the amounts of its invoices, 0 for what is exempt; undefined: not known, and none are written. */
  readonly eInvoiceVatPercent: number | undefined;
  /** Code of its external dispatcher, or `own`; undefined: the organisation's for all flows, if it has one. */
  readonly dispatcher: string | undefined;
  /** A mailing with more recipients needs a second person; undefined: never, 0: always. */
  readonly approvalOver: number | undefined;
  /** The fastest lane of the flow's letters. */
  readonly lane: Lane;
  readonly sendWindow: SendWindow | undefined;
  readonly schedulingAllowed: boolean;
  /** How long a delivered letter may lie unopened before `unreadAction`, where its operator can tell; undefined: nobody asks. */
  readonly unreadDays: number | undefined;
  readonly unreadAction: UnreadAction;
  /** What becomes of it when the operator has not told by the limit. */
  readonly unreadUntold: 'case' | 'nothing';
  /** Of paper to an address whence mail has come back: held for a person, or sent all the same. */
  readonly onFlaggedAddress: 'case' | 'send';
  /** A retired flow takes no new letters; those that it has go on. */
  readonly isActive: boolean;
}
