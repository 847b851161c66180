import type { KeyPair } from '@brevduva/hub';
import type { OperatorSettings } from '@brevduva/mailbox';
import type { OrganizationNumber } from '@brevduva/protocol';

/** What a party's process is told; plain values and buffers, so that it can be sent to it. */
export type PartyStart =
  | { readonly party: 'far'; readonly databaseUrl: string; readonly tls: Tls }
  | {
      readonly party: 'operator';
      readonly databaseUrl: string;
      readonly tls: Tls;
      readonly operator: OperatorSettings;
      readonly contentKey: Buffer;
    }
  | {
      readonly party: 'hub';
      readonly databaseUrl: string;
      readonly node: string;
      readonly farUrl: string;
      readonly keys: KeyPair;
      readonly sender: OrganizationNumber;
      readonly caPem: string;
      readonly contentKey: Buffer;
      readonly paperDir: string;
      /** False: takes letters in and nothing else. */
      readonly runsPipeline: boolean;
    };

export interface Tls {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

export type Order =
  | { readonly order: 'start'; readonly start: PartyStart }
  | { readonly order: 'figures' }
  | { readonly order: 'startProfile' }
  | { readonly order: 'stopProfile'; readonly file: string }
  | { readonly order: 'stop' };

/** One reply for each order, in order. */
export type Reply =
  | { readonly ok: true; readonly url?: string; readonly figures?: PartyFigures }
  | { readonly ok: false; readonly error: string };

export interface PartyFigures {
  /** CPU of the process since its start, all its threads, user and system. */
  readonly cpuMs: number;
  /** SOAP calls answered since its start, by operation. */
  readonly calls: Readonly<Record<string, number>>;
}
