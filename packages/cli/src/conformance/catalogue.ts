import type { Check, ServiceName } from './check.ts';
import { AUTHORITY_CHECKS } from './checks/authority.ts';
import { DOCUMENT_CHECKS } from './checks/documents.ts';
import { ENVELOPE_CHECKS } from './checks/envelope.ts';
import { FAULT_CHECKS } from './checks/fault.ts';
import { OPERATION_CHECKS } from './checks/operations.ts';
import { READING_CHECKS } from './checks/reading.ts';
import { RECIPIENT_CHECKS } from './checks/recipient.ts';
import { SERVICE_CHECKS } from './checks/service.ts';
import { TRANSPORT_CHECKS } from './checks/transport.ts';

/** Every check, in the order in which they run: what others depend on stands before them. */
export const CHECKS: readonly Check[] = [
  ...TRANSPORT_CHECKS,
  ...ENVELOPE_CHECKS,
  ...FAULT_CHECKS,
  ...READING_CHECKS,
  ...RECIPIENT_CHECKS,
  ...SERVICE_CHECKS,
  ...AUTHORITY_CHECKS,
  ...OPERATION_CHECKS,
  ...DOCUMENT_CHECKS,
];

export function checksFor(service: ServiceName): Check[] {
  return CHECKS.filter(({ services }) => services.includes(service));
}

/** Sections of FACTS.md that checks name, in the order of the report. */
export const CLAUSES: Readonly<Record<string, string>> = {
  j: 'Certifikat och TLS',
  'b.1': 'Kuvert, operationer och WSDL',
  'b.2': 'Recipient: operationerna',
  'b.3': 'Recipient: fälten i svaret',
  'b.4': 'Service: operationerna',
  'b.8': 'Authority',
  'b.9': 'Fel och felkoder',
  c: 'Nummer',
  d: 'Nåbarhet',
  'e.1': 'Signatur och försegling: vem',
  'e.2': 'Signatur och försegling: algoritmer',
  'e.3': 'Signatur och försegling: formen som räknas',
  'e.4': 'Signatur och försegling: vad operatören prövar',
  'e.5': 'Underskrifter med e-legitimation',
  f: 'Innehåll och storlek',
  g: 'Kvittens och omsändning',
  k: 'Mängder',
  'A.13': 'Tomma frågor',
};
