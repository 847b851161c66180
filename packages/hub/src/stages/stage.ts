import type { Clock, Log } from '@brevduva/base';
import type { ServiceSupplier, Signer, SoapClient } from '@brevduva/protocol';
import type { AddressSource } from '../addressSource.ts';
import type { ContentStore, PreparedContent } from '../content.ts';
import type { EInvoiceAddress, EInvoiceRegistry } from '../eInvoice/eInvoiceRegistry.ts';
import type { EInvoiceSender } from '../eInvoice/eInvoiceSender.ts';
import type { EventKind } from '../events.ts';
import type {
  AttachmentFacts,
  ChannelFailure,
  ClaimedLetter,
  LetterKey,
  NoticeFailureReason,
  PrintFacts,
} from '../letter.ts';
import type { NoticeDesk } from '../notices/noticeDesk.ts';
import type { PostalAddress } from '../paper/address.ts';
import type { PdfTools } from '../pdf/tools.ts';
import type { PrintOrderFacts, PrintShopSettings } from '../printShop/printShop.ts';
import type { ReadStatusSource } from '../readStatus.ts';
import type { SealedStore } from '../sealed.ts';
import type { PrintOrder } from '../sql/printOrders.ts';
import type { Channel } from '../states.ts';
import type { CaseReason, Decision } from '../switch.ts';

/**
 * A stage's work: a set of claimed letters in, one result per letter out. It decides and talks to the network, but changes no
 * letter: the runner writes every result back with one statement. No database connection is held while it runs.
 */
export type StageWork = (
  letters: readonly ClaimedLetter[],
  context: StageContext,
  /** Hand over finished results; may be called many times, so that a fast letter never waits for a slow one of its set. */
  report: (results: readonly StageResult[]) => Promise<void>,
) => Promise<void>;

export interface StageContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly content: ContentStore;
  readonly sealed: SealedStore;
  /** Stores content at once; harmless to repeat, for it is by hash. */
  readonly storeContent: (organisationId: string, ...contents: PreparedContent[]) => Promise<void>;
  /** Of letters that are not interactive, asked before each: waits while an interactive one is worked on (rightOfWay.ts). */
  readonly giveWay?: () => Promise<void>;
  readonly soap: SoapClient;
  /** For questions that nobody waits for: a partner that does not answer soon is asked another time. */
  readonly questionSoap: SoapClient;
  readonly farUrl: string;
  /** Undefined where no address source is connected. */
  readonly addressSource: AddressSource | undefined;
  /** Ids of the letters to whose recipients, at those addresses, mail has come back. */
  readonly flaggedOf: (
    letters: readonly { readonly letter: ClaimedLetter; readonly address: PostalAddress }[],
  ) => Promise<ReadonlySet<string>>;
  /** Undefined where no e-invoices are sent. */
  readonly eInvoice: EInvoiceParts | undefined;
  /** SMS and e-mail. */
  readonly notices: NoticeDesk;
  /** In force, by organisation. */
  readonly printShopsOf: (
    organisationIds: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly PrintShopSettings[]>>;
  /** The latest of each letter, by its id. */
  readonly printOrdersOf: (letters: readonly LetterKey[]) => Promise<ReadonlyMap<string, PrintOrder>>;
  readonly pdf: PdfTools;
  /** Ids of the letters that have a receipt with delivered = true on their present channel. */
  readonly receiptsOf: (letters: readonly LetterKey[]) => Promise<ReadonlySet<string>>;
  /** What the operator called each letter's delivery (`TransId`), by letter id. */
  readonly deliveryIdsOf: (letters: readonly LetterKey[]) => Promise<ReadonlyMap<string, string>>;
  readonly readStatus: ReadStatusSource;
  /** Queues an SMS or e-mail that the letter lies unopened; of each letter once, however often it is asked for. */
  readonly remind: (letter: LetterKey) => Promise<'queued' | 'alreadyQueued' | 'noContact'>;
  /** The sender's own key (inner signature), by organisation number; undefined when none is configured. */
  readonly signerOf: (organizationNumber: string) => Signer | undefined;
  /** The dispatcher's key (outer signature, TLS). */
  readonly dispatcher: Signer;
}

/** Whom to ask, and who takes them. */
export interface EInvoiceParts {
  readonly registry: EInvoiceRegistry;
  readonly sender: EInvoiceSender;
}

export interface StageResult {
  readonly letter: ClaimedLetter;
  readonly outcome: StageOutcome;
  readonly changes?: LetterChanges;
  readonly events: readonly NewEvent[];
  readonly decision?: NewDecision;
  readonly sealed?: NewSealed;
  readonly receipt?: NewReceipt;
  readonly printOrder?: NewPrintOrder;
}

/** Closed: whatever a stage finds, it is one of these, and transition.ts says what each becomes. */
export type StageOutcome =
  /** Go on to the next stage; resolve names the channel. */
  | {
      readonly kind: 'done';
      readonly channel?: Channel;
      /** Where the letter rests, when its channel has more than one such state: an external dispatcher may have printed it. */
      readonly restsAs?: 'printed';
    }
  /** Not now. `unknown`: the letter may have arrived, so the same bytes must go again and no other channel may be used. */
  | {
      readonly kind: 'retry';
      readonly reason: string;
      readonly certainty: 'notDelivered' | 'unknown';
      /** In place of the table's delay, where the partner has its own. */
      readonly dueInMs?: number;
    }
  /** This channel is over for the letter, by an authoritative answer; the switch decides anew. */
  | { readonly kind: 'reroute'; readonly failure: ChannelFailure }
  /** This channel is over for a notice; the switch says which is next. */
  | { readonly kind: 'nextChannel'; readonly why: NoticeFailureReason }
  /** Its lifetime has ended, and nothing has left. */
  | { readonly kind: 'expired' }
  /** A notice that nobody can pass on to this recipient. */
  | { readonly kind: 'unnotified' }
  /** Its time has not come; the stage's own clock begins when it has. */
  | { readonly kind: 'hold'; readonly dueInMs: number }
  /** A person must act. */
  | { readonly kind: 'manual'; readonly reason: CaseReason; readonly detail?: Readonly<Record<string, unknown>> };

export interface LetterChanges {
  readonly lookups?: number;
  readonly supplier?: ServiceSupplier;
  readonly distributionId?: string;
  /** From the address source. */
  readonly address?: PostalAddress;
  /** Found out at dispatch; nothing sets it back. */
  readonly protectedIdentity?: true;
  readonly printHash?: Buffer;
  readonly print?: PrintFacts;
  /** The PDF that its template made, in front of its other attachments; and what the envelope takes with it. */
  readonly document?: AttachmentFacts & { readonly pages: number };
  readonly envelopeBytes?: number;
  /** Where the e-invoice goes. */
  readonly eInvoiceAddress?: EInvoiceAddress;
  /** The invoice in UBL that was made of the letter. */
  readonly invoiceXmlHash?: Buffer;
}

/** Detail never holds content or a personal number. */
export interface NewEvent {
  readonly kind: EventKind;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface NewDecision {
  readonly question: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, unknown>>;
  readonly decision: Decision;
}

export interface NewSealed {
  readonly id: string;
  readonly supplier: ServiceSupplier;
  readonly sha256: Buffer;
  /** Ciphertext of the request bytes. */
  readonly bytes: Buffer;
}

/** Waits for a batch of the shop from now on. */
export interface NewPrintOrder {
  readonly id: string;
  readonly shopCode: string;
  readonly sortKey: string;
  /** Until the cut-off that takes it along. */
  readonly dueInMs: number;
  readonly printHash: Buffer;
  readonly facts: PrintOrderFacts;
}

export interface NewReceipt {
  readonly delivered: boolean;
  readonly proof: Readonly<Record<string, unknown>>;
}
