import type { OrganizationNumber } from '@brevduva/protocol';
import { testOrganizationNumber } from './testNumbers.ts';

/** Serials below this belong to the parties named here; the sample's companies come after. */
export const FIRST_COMPANY_SERIAL = 1000;

export interface SampleOperator {
  /** Word for schema, folder, certificate file and fault switch. */
  readonly key: 'brevladan' | 'posthornan';
  readonly organizationNumber: OrganizationNumber;
  readonly name: string;
  readonly domain: string;
  readonly theme: 'pine' | 'plum';
  /** False: letters with an HTML body are refused, the way a text-only mailbox does. */
  readonly acceptHtml: boolean;
  /** How long the operator thinks before it answers a delivery. */
  readonly delayMs: number;
}

/** The two operators behave differently, so that nothing in the hub can rely on one of them. */
export const SAMPLE_OPERATORS: readonly [SampleOperator, SampleOperator] = [
  {
    key: 'brevladan',
    organizationNumber: testOrganizationNumber(21),
    name: 'Brevlådan',
    domain: 'brevladan.example',
    theme: 'pine',
    acceptHtml: true,
    delayMs: 400,
  },
  {
    key: 'posthornan',
    organizationNumber: testOrganizationNumber(22),
    name: 'Posthörnan',
    domain: 'posthornan.example',
    theme: 'plum',
    acceptHtml: false,
    delayMs: 0,
  },
];

/** An organisation on the sample's hub. What it has there stands in its configuration file. */
export interface SampleOrganisation {
  /** Word for certificate files. */
  readonly key: 'municipality' | 'water';
  readonly organizationNumber: OrganizationNumber;
  readonly name: string;
  readonly configurationFile: URL;
  /** The system that proves itself by client certificate. */
  readonly certificateSystem: string;
}

export interface SampleStaff {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly StaffRole[];
  readonly organizationNumber: OrganizationNumber;
  readonly organizationName: string;
}

/** `caseworker` handles cases, `approver` answers for mailings, `administrator` changes flows, `reader` sees, `registerOwner` runs FaR. */
export type StaffRole = 'caseworker' | 'approver' | 'administrator' | 'reader' | 'registerOwner';

const EXAMPLES = new URL('../../../../../examples/', import.meta.url);

export const SAMPLE_MUNICIPALITY: SampleOrganisation = {
  key: 'municipality',
  organizationNumber: testOrganizationNumber(1),
  name: 'Lillköpings kommun',
  configurationFile: new URL('lillkoping/organisation.yaml', EXAMPLES),
  certificateSystem: 'byggarenden',
};

/** A company of the municipality on the same hub, so that the walls between organisations can be seen. */
export const SAMPLE_WATER_COMPANY: SampleOrganisation = {
  key: 'water',
  organizationNumber: testOrganizationNumber(2),
  name: 'Lillköpings Vatten AB',
  configurationFile: new URL('lillkopings-vatten/organisation.yaml', EXAMPLES),
  certificateSystem: 'kundsystemet',
};

/** Everyone who sends through the sample's hub. The municipality runs it, and is the dispatcher. */
export const SAMPLE_ORGANISATIONS: readonly SampleOrganisation[] = [SAMPLE_MUNICIPALITY, SAMPLE_WATER_COMPANY];

/** A company that dispatches and prints for others: for the municipality in topology b, with the only hub in c. */
export const SERVICE_COMPANY = {
  key: 'service',
  organizationNumber: testOrganizationNumber(3),
  name: 'Utskicksbolaget AB',
  /** How the municipality stands in its hub. */
  customerFile: new URL('utskicksbolaget/lillkoping.yaml', EXAMPLES),
  customerSystem: 'brevduva',
} as const;

/** The owner of the register. Its real organisation number: the contract's parties know FaR by it. */
export const REGISTER_OWNER = { organizationNumber: '162021006883', name: 'Digg (utveckling)' } as const;

const municipal = {
  organizationNumber: SAMPLE_MUNICIPALITY.organizationNumber,
  organizationName: SAMPLE_MUNICIPALITY.name,
};
const ofWaterCompany = {
  organizationNumber: SAMPLE_WATER_COMPANY.organizationNumber,
  organizationName: SAMPLE_WATER_COMPANY.name,
};

export const SAMPLE_STAFF: readonly SampleStaff[] = [
  { id: 'maja.registrator', name: 'Maja Lilja', roles: ['caseworker'], ...municipal },
  { id: 'jussi.handlaggare', name: 'Jussi Mäkelä', roles: ['caseworker'], ...municipal },
  { id: 'astrid.arkitekt', name: 'Astrid Ståhl', roles: ['administrator', 'caseworker'], ...municipal },
  { id: 'gunilla.godkannare', name: 'Gunilla Sjögren', roles: ['approver'], ...municipal },
  { id: 'omar.revisor', name: 'Omar Haddad', roles: ['reader'], ...municipal },
  { id: 'vera.vatten', name: 'Vera Bäckström', roles: ['administrator', 'caseworker'], ...ofWaterCompany },
  {
    id: 'freja.far',
    name: 'Freja Öberg',
    roles: ['registerOwner'],
    organizationNumber: REGISTER_OWNER.organizationNumber as OrganizationNumber,
    organizationName: REGISTER_OWNER.name,
  },
  {
    id: 'stellan.statistiker',
    name: 'Stellan Åkesson',
    roles: ['reader'],
    organizationNumber: REGISTER_OWNER.organizationNumber as OrganizationNumber,
    organizationName: REGISTER_OWNER.name,
  },
];
