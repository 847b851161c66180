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

export interface SampleUnit {
  readonly code: string;
  readonly name: string;
}

export interface SampleFlow {
  readonly code: string;
  readonly name: string;
  readonly unitCode: string;
  readonly channelPolicy: 'digitalFirst' | 'digitalOnly' | 'paperOnly';
  readonly postageClass: 'economy' | 'priority';
  /** How long digital delivery is tried before the flow's rule decides. */
  readonly digitalHours: number;
  /** How long a person has for a case. */
  readonly caseHours: number;
}

export interface SampleBusinessSystem {
  readonly code: string;
  readonly name: string;
  readonly unitCode: string;
  /** The flows it may hand in letters to. */
  readonly flows: readonly string[];
}

export interface SampleStaff {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly StaffRole[];
  readonly organizationNumber: OrganizationNumber;
  readonly organizationName: string;
}

/** `caseworker` handles cases, `administrator` changes flows, `reader` sees, `registerOwner` runs FaR. */
export type StaffRole = 'caseworker' | 'administrator' | 'reader' | 'registerOwner';

export const SAMPLE_MUNICIPALITY = {
  organizationNumber: testOrganizationNumber(1),
  name: 'Lillköpings kommun',
  support: {
    text: 'Frågor om brevet? Kontakta Lillköpings kommun.',
    url: 'https://lillkoping.example/kontakt',
    phone: '0990-100 00',
    email: 'kontakt@lillkoping.example',
  },
  returnAddress: { name: 'Lillköpings kommun', street: 'Rådhustorget 1', postalCode: '990 10', city: 'Lillköping' },
} as const;

/** The owner of the register. Its real organisation number: the contract's parties know FaR by it. */
export const REGISTER_OWNER = { organizationNumber: '162021006883', name: 'Digg (utveckling)' } as const;

export const SAMPLE_UNITS: readonly SampleUnit[] = [
  { code: 'bygglov', name: 'Bygglovsenheten' },
  { code: 'ekonomi', name: 'Ekonomienheten' },
  { code: 'forskola', name: 'Förskola och skola' },
  { code: 'forsorjning', name: 'Försörjningsstöd' },
  { code: 'miljo', name: 'Miljöenheten' },
  { code: 'overformyndare', name: 'Överförmyndarenheten' },
];

const FLOW_DEFAULTS = {
  channelPolicy: 'digitalFirst',
  postageClass: 'economy',
  digitalHours: 24,
  caseHours: 48,
} as const;

export const SAMPLE_FLOWS: readonly SampleFlow[] = [
  { ...FLOW_DEFAULTS, code: 'beslut', name: 'Beslut om bygglov', unitCode: 'bygglov' },
  { ...FLOW_DEFAULTS, code: 'kallelse', name: 'Kallelse till möte', unitCode: 'forsorjning', postageClass: 'priority' },
  { ...FLOW_DEFAULTS, code: 'placering', name: 'Placeringsbesked förskola', unitCode: 'forskola' },
  { ...FLOW_DEFAULTS, code: 'faktura-paminnelse', name: 'Betalningspåminnelse', unitCode: 'ekonomi' },
  { ...FLOW_DEFAULTS, code: 'tillsyn', name: 'Meddelande om tillsyn', unitCode: 'miljo', digitalHours: 72 },
  { ...FLOW_DEFAULTS, code: 'arsrakning', name: 'Årsräkning', unitCode: 'overformyndare', channelPolicy: 'paperOnly' },
  { ...FLOW_DEFAULTS, code: 'information', name: 'Information', unitCode: 'forskola', channelPolicy: 'digitalOnly' },
];

export const SAMPLE_BUSINESS_SYSTEMS: readonly SampleBusinessSystem[] = [
  { code: 'byggarenden', name: 'Byggärenden', unitCode: 'bygglov', flows: ['beslut', 'tillsyn'] },
  { code: 'socialarenden', name: 'Socialärenden', unitCode: 'forsorjning', flows: ['kallelse'] },
  { code: 'skolsystemet', name: 'Skolsystemet', unitCode: 'forskola', flows: ['placering', 'information'] },
  { code: 'ekonomisystemet', name: 'Ekonomisystemet', unitCode: 'ekonomi', flows: ['faktura-paminnelse'] },
  {
    code: 'utveckling',
    name: 'Utvecklarens terminal',
    unitCode: 'ekonomi',
    flows: SAMPLE_FLOWS.map((flow) => flow.code),
  },
];

const municipal = {
  organizationNumber: SAMPLE_MUNICIPALITY.organizationNumber,
  organizationName: SAMPLE_MUNICIPALITY.name,
};

export const SAMPLE_STAFF: readonly SampleStaff[] = [
  { id: 'maja.registrator', name: 'Maja Lilja', roles: ['caseworker'], ...municipal },
  { id: 'jussi.handlaggare', name: 'Jussi Mäkelä', roles: ['caseworker'], ...municipal },
  { id: 'astrid.arkitekt', name: 'Astrid Ståhl', roles: ['administrator', 'caseworker'], ...municipal },
  { id: 'omar.revisor', name: 'Omar Haddad', roles: ['reader'], ...municipal },
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
