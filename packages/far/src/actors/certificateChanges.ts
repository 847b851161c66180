import { appError, type Queryable } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import {
  type CertificatePurpose,
  insertCertificate,
  retireCertificate as retireRow,
  selectCertificates,
} from '../sql/certificates.ts';
import { type ActorContext, type ActorRef, changeActor, type Staff } from './changeActor.ts';
import { readCertificate } from './readCertificate.ts';
import { FieldReader } from './readFields.ts';

export const CERTIFICATE_PURPOSES = ['tls', 'signing'] as const satisfies readonly CertificatePurpose[];
/** The old one and the new one, while an actor exchanges them. */
export const CERTIFICATES_ACTIVE_MAX = 2;

export interface CertificateForm {
  /** PEM. */
  certificate: string;
  purposes: readonly string[];
}

export interface RetireForm {
  /** SHA-256, hexadecimal. */
  fingerprint: string;
  reason: string;
}

/**
 * Registers a certificate of the actor.
 *
 * @throws AppError FAR_ACTOR_INVALID, FAR_CERTIFICATE_… and those of `changeActor`
 */
export async function addCertificate(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  form: CertificateForm,
): Promise<void> {
  const reader = new FieldReader();
  const purposes = CERTIFICATE_PURPOSES.filter((purpose) => form.purposes.includes(purpose));
  if (purposes.length === 0) reader.fault('purposes', 'FAR_FIELD_CHOICE');
  reader.refuse();
  const { organizationNumber } = ref;
  const read = readCertificate(form.certificate, {
    organizationNumber,
    trust: context.trust,
    now: context.clock.now(),
  });
  await changeActor(context, by, ref, async (db, _actor, registeredAt) => {
    const row = { ...read, organizationNumber, purposes, registeredAt, registeredBy: by.name };
    // First this, or one that is known already would be told to be one too many.
    if (!(await insertCertificate(db, row))) throw appError(ERRORS, 'FAR_CERTIFICATE_KNOWN');
    await refuseTooMany(db, row, registeredAt, context.certificatesActiveMax);
    return { what: 'certificateAdded', after: auditFacts(row) };
  });
}

/**
 * Takes a certificate out of use: from the next call on it is let in nowhere, and it cannot be taken into use again.
 *
 * @throws AppError FAR_ACTOR_INVALID, FAR_CERTIFICATE_NOT_FOUND and those of `changeActor`
 */
export async function retireCertificate(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  form: RetireForm,
): Promise<void> {
  const reader = new FieldReader();
  const reason = reader.reason('reason', form.reason);
  reader.refuse();
  await changeActor(context, by, ref, async (db, { organizationNumber }, at) => {
    const fingerprint = Buffer.from(form.fingerprint, 'hex');
    const row = { fingerprint, organizationNumber, retiredAt: at, retiredReason: reason, retiredBy: by.name };
    if (!(await retireRow(db, row))) throw appError(ERRORS, 'FAR_CERTIFICATE_NOT_FOUND');
    return { what: 'certificateRetired', before: { fingerprint: form.fingerprint }, after: { reason } };
  });
}

/** What has expired is no longer in use, whether somebody retired it or not. */
async function refuseTooMany(
  db: Queryable,
  { organizationNumber, purposes }: { organizationNumber: string; purposes: readonly CertificatePurpose[] },
  now: Date,
  max: number,
): Promise<void> {
  const inUse = (await selectCertificates(db, organizationNumber)).filter(
    ({ retiredAt, validTo }) => retiredAt === null && now < validTo,
  );
  for (const purpose of purposes) {
    if (inUse.filter((each) => each.purposes.includes(purpose)).length > max) {
      throw appError(ERRORS, 'FAR_CERTIFICATE_TOO_MANY', { values: { max } });
    }
  }
}

function auditFacts(row: { fingerprint: Buffer; subject: string; issuer: string; validTo: Date; purposes: unknown }) {
  const { fingerprint, subject, issuer, validTo, purposes } = row;
  return { fingerprint: fingerprint.toString('hex'), subject, issuer, validTo: validTo.toISOString(), purposes };
}
