import { type CertificateHolder, openDevelopmentAuthority } from '../dev/authority.ts';
import {
  REGISTER_OWNER,
  SAMPLE_OPERATORS,
  SAMPLE_ORGANISATIONS,
  SERVICE_COMPANY,
} from '../dev/sample/organizations.ts';

type Party = 'far' | 'service' | 'municipality' | 'water' | 'brevladan' | 'posthornan' | `system-${string}`;
type KeyPair = { readonly keyPem: string; readonly certPem: string };

export interface Certificates {
  readonly caPem: string;
  of(party: Party): KeyPair;
  /** What a SOAP listener needs: its own key and certificate, and whose certificates it lets in. */
  tlsOf(party: Party): { key: string; cert: string; ca: string };
}

/** A certificate for every legal party, and for a business system of each organisation, kept in `folder` and renewed in time. */
export async function openCertificates(folder: string, now: () => Date): Promise<Certificates> {
  const authority = await openDevelopmentAuthority(folder, now);
  const pairs = new Map<string, KeyPair>(
    await Promise.all(holders().map(async (one) => [one.file, await authority.certificateFor(one)] as const)),
  );
  const of = (party: Party) => {
    const pair = pairs.get(party);
    if (pair === undefined) throw new Error(`no certificate for ${party}`);
    return pair;
  };
  const { caPem } = authority;
  return { caPem, of, tlsOf: (party) => ({ key: of(party).keyPem, cert: of(party).certPem, ca: caPem }) };
}

function holders(): CertificateHolder[] {
  const holder = (file: Party, { organizationNumber, name }: { organizationNumber: string; name: string }) => ({
    ...{ file, organizationNumber },
    commonName: `${name} utveckling`,
    organizationName: name,
  });
  return [
    holder('far', REGISTER_OWNER),
    holder(SERVICE_COMPANY.key, SERVICE_COMPANY),
    ...SAMPLE_ORGANISATIONS.map((organisation) => holder(organisation.key, organisation)),
    ...SAMPLE_ORGANISATIONS.map((one) => holder(`system-${one.certificateSystem}`, one)),
    ...SAMPLE_OPERATORS.map((operator) => holder(operator.key, operator)),
  ];
}
