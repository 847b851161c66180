import type { OrganizationNumber, RecipientId, ServiceSupplier } from '@brevduva/protocol';
import type { PostalAddress } from './paper/address.ts';
import type { Channel, LetterState, StageName } from './states.ts';

export type ChannelPolicy = 'digitalFirst' | 'digitalOnly' | 'paperOnly';

/** Why an attempt on the digital channel ended for good; only authoritative answers lead here (design 3, unknown outcome). */
export type DigitalFailure = 'mailboxClosed' | 'refused' | 'deadlinePassed' | 'contentTooLarge';

/** Smaller goes first: a caseworker's single letter never waits behind a mailing. */
export const LANES = { interactive: 0, normal: 1, bulk: 2 } as const;

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
  readonly attachments: readonly AttachmentFacts[];
  readonly envelopeBytes: number;
  readonly createdAt: Date;
  readonly state: LetterState;
  readonly stage: StageName;
  readonly channel: Channel | undefined;
  /** Attempts at the present stage, this one included. */
  readonly attempts: number;
  readonly stageEnteredAt: Date;
  readonly digitalFailure: DigitalFailure | undefined;
  readonly lookups: number;
  readonly supplier: ServiceSupplier | undefined;
  readonly paperOrdered: boolean;
  readonly printHash: Buffer | undefined;
  readonly print: PrintFacts | undefined;
  readonly organisation: OrganisationFacts;
  readonly flow: FlowFacts;
}

/** What the composed print takes. */
export interface PrintFacts {
  readonly sheets: number;
  readonly pages: number;
}

export interface OrganisationFacts {
  readonly id: string;
  readonly organizationNumber: OrganizationNumber;
  readonly name: string;
  readonly returnAddress: PostalAddress;
  readonly support: SupportInfo;
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
}
