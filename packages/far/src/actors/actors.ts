import type { Clock } from '@brevduva/base';
import { createTrustStore } from '@brevduva/protocol';
import { type ActorFilter, type ActorListRow, countAttention, selectActorList } from '../sql/actorList.ts';
import { type ExpiringCertificateRow, selectExpiringCertificates } from '../sql/certificates.ts';
import type { Pool } from '../sql/pool.ts';
import { applyForConnection } from './applyForConnection.ts';
import { addCertificate, CERTIFICATES_ACTIVE_MAX, retireCertificate } from './certificateChanges.ts';
import { EXPIRY_WARNING_DAYS } from './certificateExpiry.ts';
import type { ActorContext } from './changeActor.ts';
import {
  approveForProduction,
  endTheConnection,
  recordConformance,
  registerAgreement,
  startTechnicalTest,
} from './connectionChanges.ts';
import { addContact, removeContact } from './contacts.ts';
import type { RegisterEnvironment } from './environment.ts';
import { changeOperator } from './operatorDetails.ts';
import { type ActorView, readActor } from './readActor.ts';
import { changeServedSenders } from './servedSenders.ts';
import { liftSuspension, suspend } from './suspension.ts';

export interface ActorsOptions {
  pool: Pool;
  clock: Clock;
  environment: RegisterEnvironment;
  /** PEM: issuers of certificates for organisations, those of the SOAP listener; several in one text are told apart. */
  ca: string | readonly string[];
  /** Default two: the old one and the new one. */
  certificatesActiveMax?: number;
}

/** Everything that changes an actor; each takes who does it first, and leaves a line in the audit trail. */
function changesOf(context: ActorContext) {
  const bound =
    <Rest extends unknown[], Result>(change: (context: ActorContext, ...rest: Rest) => Promise<Result>) =>
    (...rest: Rest) =>
      change(context, ...rest);
  return {
    apply: bound(applyForConnection),
    registerAgreement: bound(registerAgreement),
    startTechnicalTest: bound(startTechnicalTest),
    recordConformance: bound(recordConformance),
    approveForProduction: bound(approveForProduction),
    end: bound(endTheConnection),
    addCertificate: bound(addCertificate),
    retireCertificate: bound(retireCertificate),
    changeServedSenders: bound(changeServedSenders),
    changeOperator: bound(changeOperator),
    addContact: bound(addContact),
    removeContact: bound(removeContact),
    suspend: bound(suspend),
    liftSuspension: bound(liftSuspension),
  } as const;
}

export type ActorChanges = ReturnType<typeof changesOf>;

/** Who is connected to the register, how far they have come, and all that its owner does with them. */
export interface Actors {
  readonly change: ActorChanges;
  readonly environment: RegisterEnvironment;
  list(filter: ActorFilter & { limit: number; offset: number }): Promise<{ actors: ActorListRow[]; total: number }>;
  /** @throws AppError FAR_ACTOR_NOT_FOUND */
  read(organizationNumber: string): Promise<ActorView>;
  /** Certificates in use that expire within the first warning, or have expired; the first to expire first. */
  expiringCertificates(limit: number): Promise<ExpiringCertificateRow[]>;
  countAttention(): ReturnType<typeof countAttention>;
}

export function createActors({ pool, clock, environment, ca, certificatesActiveMax }: ActorsOptions): Actors {
  const context: ActorContext = {
    pool,
    clock,
    environment,
    trust: createTrustStore([ca].flat().flatMap(certificatesIn)),
    certificatesActiveMax: certificatesActiveMax ?? CERTIFICATES_ACTIVE_MAX,
  };
  const expiryBefore = () => new Date(clock.now().getTime() + Math.max(...EXPIRY_WARNING_DAYS) * DAY_MS);
  return {
    change: changesOf(context),
    environment,
    list: (filter) => selectActorList(pool, { ...filter, expiryBefore: expiryBefore() }),
    read: (organizationNumber) => readActor(context, organizationNumber),
    expiringCertificates: (limit) => selectExpiringCertificates(pool, { before: expiryBefore(), limit }),
    countAttention: () => countAttention(pool, expiryBefore()),
  };
}

const DAY_MS = 86_400_000;
const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificatesIn(pem: string): string[] {
  return pem.match(CERTIFICATE_BLOCK) ?? [];
}
