import type { Conformance } from '../conformance/readConformance.ts';
import type { ConnectionRow, ServedSenderRow } from '../sql/actors.ts';
import type { CertificateRow } from '../sql/certificates.ts';
import type { ContactRow } from '../sql/contactPersons.ts';
import type { ConnectionFacts } from './connectionSteps.ts';

/** What is read about an actor, as what decides whether its connection may go on. */
export function connectionFacts(
  connection: ConnectionRow,
  known: {
    contacts: readonly ContactRow[];
    certificates: readonly CertificateRow[];
    servedSenders: readonly ServedSenderRow[];
    /** Absent where it is not read off traffic. */
    checklist: Conformance | undefined;
    now: Date;
  },
): ConnectionFacts {
  return {
    step: connection.step,
    roles: connection.roles,
    contacts: known.contacts.length,
    hasAgreement: connection.agreementReference !== null,
    validCertificates: known.certificates.filter((each) => isUsable(each, known.now)).length,
    servedSenders: known.servedSenders.length,
    isConformant: connection.conformance !== null || known.checklist?.isDone === true,
  };
}

/** Registered for calls, not retired, and valid now. */
function isUsable({ retiredAt, validFrom, validTo, purposes }: CertificateRow, now: Date): boolean {
  return retiredAt === null && validFrom <= now && now < validTo && purposes.includes('tls');
}
