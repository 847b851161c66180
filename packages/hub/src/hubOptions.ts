import type { Clock, Log } from '@brevduva/base';
import type { OrganizationNumber } from '@brevduva/protocol';
import type { EInvoiceOptions } from './eInvoice/createEInvoiceParts.ts';
import type { AddressSourceOptions } from './http/addressSource.http.ts';
import type { ReadStatusOperator } from './http/readStatus.http.ts';
import type { AlarmOptions } from './noSilentEnd.ts';
import type { MessagingOptions } from './notices/messaging.ts';
import type { ShopSecretOf } from './printShop/openShop.ts';
import type { SweepTimes } from './sweep.ts';
import type { FileWaysInOptions } from './waysIn/startFileWaysIn.ts';

export interface KeyPair {
  readonly keyPem: string;
  readonly certPem: string;
}

export interface HubOptions {
  readonly databaseUrl: string;
  /** Held by one process at a time; a restart under the same name goes on at once with what the dead one held. */
  readonly node: string;
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string;
    /** Addresses of proxies whose X-Forwarded-* headers are believed. */
    readonly trustProxy?: string[];
  };
  /** A listener of its own for business systems with client certificates; the issuers in `ca` are trusted. */
  readonly systems?: {
    readonly host: string;
    readonly port: number;
    readonly tls: { readonly key: string; readonly cert: string; readonly ca: string };
  };
  /** Of the console's session; its own for each of several hubs under one host name. Default `brevduva_hub`. */
  readonly cookieName?: string;
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  readonly farUrl: string;
  /** Where postal addresses are asked for that no system has given; none unless given. */
  readonly addressSource?: AddressSourceOptions;
  /** Who wants e-invoices, and who takes them; without it none are sent (docs/e-invoice.md). */
  readonly eInvoice?: EInvoiceOptions;
  /** Operators that tell whether letters are opened, and where (docs/read-status.md); none unless given. */
  readonly readStatus?: readonly ReadStatusOperator[];
  /** The dispatcher's certificate: TLS towards FaR and operators, and the seal. */
  readonly dispatcher: KeyPair;
  /** The senders' own certificates, for the inner signature. */
  readonly senders: readonly (KeyPair & { readonly organizationNumber: OrganizationNumber })[];
  /** Issuers of FaR's and the operators' server certificates. */
  readonly caPem: string;
  /** Key of content at rest, 32 bytes. */
  readonly contentKey: Buffer;
  /** SMS and e-mail to recipients; none unless given. */
  readonly messaging?: MessagingOptions;
  /** Where print batches are built, and put for the print shops that fetch from a folder: `<organisation number>/<shop>/`. */
  readonly paperDir: string;
  /** Keys and passwords to the print shops that have an SFTP server; none unless given. */
  readonly printShopSecretOf?: ShopSecretOf;
  /** How often print shops are asked for receipts; every half minute unless given. */
  readonly printShopReceiptsEveryMs?: number;
  /** Issuers of receivers' webhooks that are believed beside the ordinary ones. */
  readonly webhookCaPem?: string;
  /** Folders in which systems leave letters; none unless given. */
  readonly dropFolder?: NonNullable<FileWaysInOptions['dropFolder']>;
  /** SFTP in front of those folders; none unless given. */
  readonly sftp?: NonNullable<FileWaysInOptions['sftp']>;
  readonly clock: Clock;
  readonly log: Log;
  /** Time-outs of the SOAP client; the answer time-out must be shorter than the lease of the deliver stage. */
  readonly answerTimeoutMs?: number;
  /** How long what only helped to make letters is kept. */
  readonly keep?: SweepTimes;
  /** Where Prometheus fetches `/metrics`, without a login: a port that only those who watch can reach. None unless given. */
  readonly metrics?: { readonly host: string; readonly port: number };
  /** Whom to tell that something has no end (docs/operations/watching.md); besides the log, nobody unless given. */
  readonly alarm?: AlarmOptions;
  /** False on a node that only takes letters in and shows them. */
  readonly runsPipeline?: boolean;
  /** Development only: called at each point where a process may die (runner.ts). */
  readonly crashPoint?: (name: string) => void;
}
