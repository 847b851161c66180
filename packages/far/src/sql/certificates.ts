import type { Queryable } from '@brevduva/base';

export type CertificatePurpose = 'tls' | 'signing';

export interface NewCertificateRow {
  fingerprint: Buffer;
  organizationNumber: string;
  subject: string;
  issuer: string;
  purposes: CertificatePurpose[];
  validFrom: Date;
  validTo: Date;
  registeredAt: Date;
  registeredBy: string;
  der: Buffer;
}

export interface CertificateRow extends Omit<NewCertificateRow, 'fingerprint' | 'der'> {
  /** Lower case hexadecimal. */
  fingerprint: string;
  retiredAt: Date | null;
  retiredReason: string | null;
  retiredBy: string | null;
}

export interface ExpiringCertificateRow extends CertificateRow {
  organizationName: string;
  /** Another certificate of the same organisation, for the same purposes, lasts longer. */
  hasSuccessor: boolean;
}

/** False when it is registered already, retired or not. */
export async function insertCertificate(db: Queryable, row: NewCertificateRow): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into certificate (fingerprint, organization_number, subject, issuer, purposes, valid_from, valid_to,
       registered_at, registered_by, der)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (fingerprint) do nothing`,
    [
      row.fingerprint,
      row.organizationNumber,
      row.subject,
      row.issuer,
      row.purposes,
      row.validFrom.toISOString(),
      row.validTo.toISOString(),
      row.registeredAt.toISOString(),
      row.registeredBy,
      row.der,
    ],
  );
  return rowCount === 1;
}

/** False when the organisation has no such certificate that is still in use. */
export async function retireCertificate(
  db: Queryable,
  row: { fingerprint: Buffer; organizationNumber: string; retiredAt: Date; retiredReason: string; retiredBy: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update certificate set retired_at = $3, retired_reason = $4, retired_by = $5
     where fingerprint = $1 and organization_number = $2 and retired_at is null`,
    [row.fingerprint, row.organizationNumber, row.retiredAt.toISOString(), row.retiredReason, row.retiredBy],
  );
  return rowCount === 1;
}

/** In use first, each group with the longest valid first. */
export async function selectCertificates(db: Queryable, organizationNumber: string): Promise<CertificateRow[]> {
  const { rows } = await db.query<CertificateRow>(
    `select encode(fingerprint, 'hex') as fingerprint, organization_number::text as "organizationNumber", subject, issuer,
       purposes, valid_from as "validFrom", valid_to as "validTo", registered_at as "registeredAt",
       registered_by as "registeredBy", retired_at as "retiredAt", retired_reason as "retiredReason",
       retired_by as "retiredBy"
     from certificate
     where organization_number = $1
     order by retired_at is not null, valid_to desc, fingerprint`,
    [organizationNumber],
  );
  return rows;
}

/** Certificates in use that expire before the given time, the first to expire first. */
export async function selectExpiringCertificates(
  db: Queryable,
  { before, limit }: { before: Date; limit: number },
): Promise<ExpiringCertificateRow[]> {
  const { rows } = await db.query<ExpiringCertificateRow>(
    `select encode(fingerprint, 'hex') as fingerprint, certificate.organization_number::text as "organizationNumber",
       organization.name as "organizationName", subject, issuer, purposes, valid_from as "validFrom",
       valid_to as "validTo", certificate.registered_at as "registeredAt", registered_by as "registeredBy",
       retired_at as "retiredAt", retired_reason as "retiredReason", retired_by as "retiredBy",
       exists (
         select from certificate as other
         where other.organization_number = certificate.organization_number and other.retired_at is null
           and other.valid_to > certificate.valid_to and other.purposes @> certificate.purposes
       ) as "hasSuccessor"
     from certificate
     join organization using (organization_number)
     where retired_at is null and valid_to < $1
     order by valid_to, organization.name
     limit $2`,
    [before.toISOString(), limit],
  );
  return rows;
}
