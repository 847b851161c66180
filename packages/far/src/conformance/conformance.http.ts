import { X509Certificate } from 'node:crypto';
import { appError, serveAssets } from '@brevduva/base';
import { ContractFault, type OrganizationNumber, organizationOf } from '@brevduva/protocol';
import { uiAssets } from '@brevduva/ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CertificateRule } from '../caller.ts';
import { admitCaller } from '../door.ts';
import { ERRORS } from '../errors.ts';
import { languageOf, rememberLanguage } from '../language.http.ts';
import { selectActor } from '../sql/actors.ts';
import type { Pool } from '../sql/pool.ts';
import { conformanceDocument } from './conformanceDocument.ts';
import { conformancePage } from './conformancePage.ts';
import { CONFORMANCE_PATH } from './paths.ts';
import { type ActorConformance, readActorConformance } from './readActorConformance.ts';

export interface ConformanceOptions {
  pool: Pool;
  certificateRule: CertificateRule;
  isDevelopmentRegister: boolean;
}

/** The caller's own checklist, by its client certificate: JSON, or a page where a browser asks. */
export function registerConformance(app: FastifyInstance, options: ConformanceOptions): void {
  serveAssets(app, uiAssets);
  app.get(CONFORMANCE_PATH, { config: { access: 'mtls' } }, async (request, reply) => {
    const conformance = await readOwn(request, options);
    reply.header('cache-control', 'no-store').header('vary', 'accept, accept-language');
    if (!(request.headers.accept ?? '').includes('text/html'))
      return conformanceDocument(conformance, languageOf(request));
    const view = { lang: rememberLanguage(request, reply), nonce: request.cspNonce };
    const { isDevelopmentRegister } = options;
    return reply
      .type('text/html; charset=utf-8')
      .send(conformancePage(conformance, { ...view, isDevelopmentRegister }));
  });
}

/** @throws AppError FAR_NOT_CONNECTED, FAR_NO_TECHNICAL_TEST */
async function readOwn(
  { peerCertificateDer }: FastifyRequest,
  options: ConformanceOptions,
): Promise<ActorConformance & { name: string }> {
  const caller = peerCertificateDer && organizationOf(new X509Certificate(peerCertificateDer));
  if (caller === undefined)
    throw appError(ERRORS, 'FAR_NOT_CONNECTED', { detail: 'a certificate without organisation' });
  await admit(options, caller, peerCertificateDer);
  const actor = await selectActor(options.pool, caller);
  const conformance = await readActorConformance(options.pool, caller);
  if (actor === undefined || conformance === undefined) throw appError(ERRORS, 'FAR_NO_TECHNICAL_TEST');
  return { ...conformance, name: actor.name };
}

/** By the same door as every call, in this listener's other way of saying no. */
async function admit(options: ConformanceOptions, caller: OrganizationNumber, der: Buffer | undefined): Promise<void> {
  try {
    await admitCaller(options, caller, der);
  } catch (err) {
    if (err instanceof ContractFault) throw appError(ERRORS, 'FAR_NOT_CONNECTED', { cause: err });
    throw err;
  }
}
