import type { OrganizationNumber } from '@brevduva/protocol';
import type { ExternalDispatcher } from '../externalDispatcher.ts';
import type { Creditor } from '../invoice/creditor.ts';
import type { FlowFacts, Lane, SupportInfo } from '../letter.ts';
import type { OrganisationNotices } from '../notices/noticeSettings.ts';
import type { PostalAddress } from '../paper/address.ts';
import type { EnvelopeKind, PrintLayout } from '../paper/printLayout.ts';
import type { Prices } from '../prices.ts';
import type { PrintShopSettings } from '../printShop/printShop.ts';
import type { CredentialKind } from './credential.ts';
import type { WrittenWaysIn } from './waysIn.ts';

/**
 * What one organisation configures, as its file says it (docs/operations/configuration.md) and as the database has it. Lists are
 * sorted by code, so that two of the same are equal. It holds no secrets and no ids.
 */
export interface OrganisationConfiguration {
  readonly organisation: OrganisationSettings;
  readonly units: readonly UnitSettings[];
  readonly templates: readonly TemplateSettings[];
  readonly printShops: readonly PrintShopSettings[];
  readonly flows: readonly FlowSettings[];
  readonly systems: readonly SystemSettings[];
}

export interface OrganisationSettings {
  readonly number: OrganizationNumber;
  readonly name: string;
  readonly returnAddress: PostalAddress;
  readonly support: SupportInfo;
  readonly laneWeights: Readonly<Record<Lane, number>>;
  /** What the organisation pays; undefined: forecasts take a plausible price. */
  readonly prices: Prices | undefined;
  /** What stands of it in e-invoices; undefined: it writes none. */
  readonly creditor: Creditor | undefined;
  /** Papers and envelopes beside the standard one, by code. */
  readonly printLayouts: readonly PrintLayout[];
  /** Somebody else's, who send for it. */
  readonly dispatchers: readonly ExternalDispatcher[];
  /** Who its notices come from, and when. */
  readonly notices: OrganisationNotices | undefined;
}

export interface UnitSettings {
  readonly code: string;
  readonly name: string;
  /** The number in the bar code that the unit's envelopes have today. */
  readonly envelopeCode: string | undefined;
  /** The sizes in which it has them; undefined: every size of the layout. */
  readonly envelopeSizes: readonly EnvelopeKind[] | undefined;
}

/** A letter with places to fill; docs/ways-in/templates.md. */
export interface TemplateSettings {
  readonly code: string;
  readonly name: string;
  readonly language: string;
  readonly subject: string;
  readonly contentType: 'text/plain' | 'text/html';
  readonly message: string;
  /** Typst source of the PDF that each letter gets; undefined: the message is all. */
  readonly document: string | undefined;
}

export interface FlowSettings extends Omit<FlowFacts, 'unitCode' | 'unitName' | 'unitEnvelope' | 'isActive'> {
  /** Code of the unit that bears the cost. */
  readonly unit: string;
}

export interface SystemSettings {
  readonly code: string;
  readonly name: string;
  /** Code of the unit that owns the system. */
  readonly unit: string | undefined;
  readonly lane: Lane;
  /** Codes of the flows that it may send. */
  readonly flows: readonly string[];
  readonly waysIn: WrittenWaysIn;
  /** Every credential that it has; undefined: the file leaves them as they are. */
  readonly credentials: readonly CredentialSettings[] | undefined;
}

export interface CredentialSettings {
  readonly kind: CredentialKind;
  /** 64 hexadecimal digits, lower case; of what, see credential.ts. */
  readonly sha256: string;
  readonly label: string;
  /** ISO 8601, UTC. */
  readonly validFrom: string | undefined;
  readonly validUntil: string | undefined;
}

/** The same with its lists in order. */
export function sortConfiguration({ organisation, ...lists }: OrganisationConfiguration): OrganisationConfiguration {
  return {
    organisation: {
      ...organisation,
      dispatchers: organisation.dispatchers.toSorted(byCode),
      printLayouts: organisation.printLayouts.toSorted(byCode),
    },
    units: lists.units.toSorted(byCode),
    templates: lists.templates.toSorted(byCode),
    printShops: lists.printShops.toSorted(byCode),
    flows: lists.flows.toSorted(byCode),
    systems: lists.systems.toSorted(byCode).map((system) => ({
      ...system,
      flows: system.flows.toSorted(compareText),
      credentials: system.credentials?.toSorted((a, b) => compareText(credentialCode(a), credentialCode(b))),
    })),
  };
}

/** What a credential is called among those of its system: short, for people compare it with what their tools print. */
export function credentialCode({ kind, sha256 }: Pick<CredentialSettings, 'kind' | 'sha256'>): string {
  return `${kind}-${sha256.slice(0, CREDENTIAL_CODE_DIGITS)}`;
}

const CREDENTIAL_CODE_DIGITS = 16;

function byCode(a: { readonly code: string }, b: { readonly code: string }): number {
  return compareText(a.code, b.code);
}

/** By code unit and not by language: the order is the same everywhere. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
