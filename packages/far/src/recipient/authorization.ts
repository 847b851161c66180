import type { AuthorizationStatus, Person, SignatureAuthorizationResult } from '@brevduva/protocol';
import { swedishDateTime } from '../swedishDateTime.ts';
import type { Company, CompanyPerson } from './companyRegister.ts';

export interface Authorization {
  status: AuthorizationStatus;
  signedBy: Person[];
  /** Who has not signed and could; empty when nothing is missing. */
  possibleSigners: Person[];
}

/**
 * Whether a company has signed when these persons have (FACTS i, b.8). Only those count who may sign today: a signatory who
 * has left since takes the signature away.
 */
export function authorizeCompany(
  company: Company,
  signers: readonly Person[],
  { boardSignatures }: { boardSignatures: 'majority' | 'all' },
): Authorization {
  const entitled = signatoriesOf(company);
  const signedBy = signers.filter(({ Id }) => entitled.some(({ id }) => id === Id));
  const needed = signaturesNeeded(company, entitled.length, boardSignatures);
  if (needed === undefined) return { status: 'RulesNotSupported', signedBy, possibleSigners: [] };
  if (signedBy.length >= needed) return { status: 'Complete', signedBy, possibleSigners: [] };
  const missing = entitled.filter(({ id }) => !signedBy.some(({ Id }) => Id === id));
  return { status: 'Incomplete', signedBy, possibleSigners: missing.map(toPerson) };
}

/** A person needs no one else. */
export function authorizePerson(signer: Person): Authorization {
  return { status: 'Complete', signedBy: [signer], possibleSigners: [] };
}

/** Who may sign for a company, alone or with others. Where the board signs, its members. */
export function signatoriesOf({ rule, persons }: Company): readonly CompanyPerson[] {
  return persons.filter((person) => (rule.kind === 'board' ? person.isBoardMember : person.isSignatory));
}

/** The contract's form of an authorization; the rule's own words stand in `Text`. */
export function authorizationResult(
  { status, signedBy, possibleSigners }: Authorization,
  { recipientId, at, company }: { recipientId: string; at: Date; company: Company | undefined },
): SignatureAuthorizationResult {
  return {
    Id: recipientId,
    SignedBy: signedBy,
    Status: status,
    Timestamp: swedishDateTime(at),
    ...(company === undefined ? {} : { Text: company.ruleText }),
    PossibleSigners: possibleSigners,
  };
}

export function toPerson({ id, name }: { id: string; name: string }): Person {
  return { Id: id, Name: name };
}

/** Undefined where no number of signatures can be said to be enough. */
function signaturesNeeded(
  { rule }: Company,
  entitledCount: number,
  boardSignatures: 'majority' | 'all',
): number | undefined {
  if (entitledCount === 0) return undefined;
  switch (rule.kind) {
    case 'eachAlone':
      return 1;
    case 'together':
      return rule.signatures <= entitledCount ? rule.signatures : undefined;
    case 'board':
      return boardSignatures === 'all' ? entitledCount : Math.floor(entitledCount / 2) + 1;
    case 'unknown':
      return undefined;
  }
}
