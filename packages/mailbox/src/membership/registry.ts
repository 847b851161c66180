import { appError, type Clock } from '@brevduva/base';
import { ContractFault, EncodeFault, type SignatureData, SoapCallError, swedishDate } from '@brevduva/protocol';
import { ERRORS } from '../errors.ts';
import type { FarClient } from '../farClient.ts';
import type { Purpose } from '../sql/signingOrder.ts';
import { type Standing, standingOf } from './standing.ts';

/** FaR answers at most so many in one question (FACTS k). */
export const STANDINGS_MAX = 1000;

/** A signed act on its way into the register. */
export interface SignedAct {
  purpose: Purpose;
  recipientId: string;
  personalNumber: string;
  text: string;
  acceptedSenders: readonly string[] | null;
  signature: SignatureData;
}

/**
 * What is known after an act has been handed in.
 *
 * - `done`: the register has made the change.
 * - `refused`: it has not, and says why with a code (FACTS b.9). Nothing of it is kept there.
 * - `notSent`: it never arrived.
 * - `unknown`: it may have arrived; no answer came that can be read.
 */
export type Verdict = { kind: 'done' | 'notSent' | 'unknown' } | { kind: 'refused'; faultCode: number };

/** The register as this operator uses it for persons' own acts. */
export interface Registry {
  /** Where each one's mailbox is, in the order asked; at most STANDINGS_MAX. @throws AppError MAILBOX_REGISTER_UNREACHABLE */
  standings(recipientIds: readonly string[]): Promise<Standing[]>;
  standing(recipientId: string): Promise<Standing>;
  /** Whose mail the person takes now, with names. Only for a mailbox with us. @throws AppError MAILBOX_REGISTER_UNREACHABLE */
  acceptedSenders(recipientId: string, personalNumber: string): Promise<{ id: string; name: string }[]>;
  /** One call, one try. */
  handIn(act: SignedAct): Promise<Verdict>;
}

export function createRegistry(
  far: FarClient,
  { organizationNumber, domain, clock }: { organizationNumber: string; domain: string; clock: Clock },
): Registry {
  const standings = async (recipientIds: readonly string[]) => {
    const answer = await question(() => far.isRegistered({ recipientId: recipientIds }));
    const byId = new Map(answer.return.map((status) => [status.RecipientId, standingOf(status, organizationNumber)]));
    return recipientIds.map((id) => {
      const standing = byId.get(id);
      if (standing === undefined) throw unreachable('an answer that leaves out one who was asked about');
      return standing;
    });
  };
  return {
    standings,
    async standing(recipientId) {
      const [standing] = await standings([recipientId]);
      if (standing === undefined) throw unreachable('an empty answer');
      return standing;
    },
    async acceptedSenders(recipientId, personalNumber) {
      const ask = { RecipientId: recipientId, UserIdentity: personalNumber };
      const answer = await question(() => far.getAccountPreferences(ask));
      return answer.return.AcceptedSenders.map(({ Id, Name }) => ({ id: Id, name: Name }));
    },
    async handIn(act) {
      try {
        const status = await send(far, act, { domain, today: dayText(clock.now()) });
        // Only companies' acts wait for more signatures; for a person it would be a register that we do not understand.
        return { kind: status === 'Complete' ? 'done' : 'unknown' };
      } catch (error) {
        return verdictOf(error);
      }
    },
  };
}

async function send(far: FarClient, act: SignedAct, { domain, today }: { domain: string; today: string }) {
  const { purpose, recipientId, personalNumber, text, acceptedSenders, signature } = act;
  const accountRequest = { Id: recipientId, AgreementText: text, Timestamp: today, ServiceSupplier: domain };
  const byUser = { Id: recipientId, UserIdentity: personalNumber, AgreementText: text, SignatureData: [signature] };
  switch (purpose) {
    case 'register': {
      const request = { ...accountRequest, Type: 'Create' as const };
      const answer = await far.register({ accountRequest: request, accountType: 'Secure', signature: [signature] });
      return answer.return.Status;
    }
    case 'deregister': {
      const request = { ...accountRequest, Type: 'Delete' as const };
      return (await far.deregister({ deregisterAccount: request, signature: [signature] })).return.Status;
    }
    case 'changeServiceSupplier': {
      const answer = await far.changeServiceSupplier({ ...byUser, ServiceSupplier: domain });
      return answer.signatureAuthorizationResult.Status;
    }
    case 'storeAccountPreferences': {
      const AcceptedSenders = (acceptedSenders ?? []).map((Id) => ({ Id, Name: Id }));
      const answer = await far.storeAccountPreferences({
        ...byUser,
        preferences: { Id: recipientId, AcceptedSenders },
      });
      return answer.return.Status;
    }
  }
}

const INVALID_INPUT = 5001;

function verdictOf(error: unknown): Verdict {
  // What cannot be written as the contract has it was never sent; trying again would change nothing.
  if (error instanceof EncodeFault) return { kind: 'refused', faultCode: INVALID_INPUT };
  if (!(error instanceof SoapCallError)) throw error;
  if (error.kind === 'notSent') return { kind: 'notSent' };
  if (error.kind === 'fault' && error.fault instanceof ContractFault) {
    return { kind: 'refused', faultCode: error.fault.errorCode };
  }
  return { kind: 'unknown' };
}

/** A question changes nothing, so it is asked twice: an idle connection may have been closed at that very moment. */
async function question<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SoapCallError)) throw error;
    if (error.kind !== 'noAnswer') throw unreachable(error.message, error);
  }
  return ask().catch((error: unknown) => {
    throw unreachable('asked twice', error);
  });
}

function unreachable(detail: string, cause?: unknown) {
  return appError(ERRORS, 'MAILBOX_REGISTER_UNREACHABLE', { detail, cause });
}

/** The day in Sweden, as `xs:date`. */
function dayText(now: Date): string {
  const { year, month, day } = swedishDate(now);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}`;
}
