import {
  contractFault,
  type OrganizationNumber,
  type Person,
  type SignatureAuthorizationResult,
  type SignatureData,
} from '@brevduva/protocol';
import type { AccountContext } from '../recipient/accountContext.ts';
import {
  type Authorization,
  authorizationResult,
  authorizeCompany,
  authorizePerson,
  signatoriesOf,
  toPerson,
} from '../recipient/authorization.ts';
import type { Company } from '../recipient/companyRegister.ts';
import { findHolder, type Holder, readRecipientId } from '../recipient/holder.ts';
import { readOperators } from '../recipient/operators.ts';
import { AGREEMENT_LENGTH_MAX, verifySignatures } from '../recipient/signatures.ts';

/** More than any company has signatories. */
const PERSONS_MAX = 1000;

/**
 * `testNewSigner` (FACTS b.8): whether a company would have signed if, beside those who have, this person signed too. No
 * signature is looked at and nothing is kept. Only registered signatories count, under their registered names.
 *
 * @throws ContractFault 5001, 5002, 5003, 5005, 5018, 6004
 */
export async function testNewSigner(
  context: AccountContext,
  { arg0, arg1, arg2 }: { arg0: string; arg1: readonly Person[]; arg2?: string },
  caller: OrganizationNumber,
): Promise<{ return: SignatureAuthorizationResult }> {
  const id = readRecipientId(arg0, 'arg0');
  if (arg1.length > PERSONS_MAX) throw contractFault('MAX_EXCEEDED', `at most ${PERSONS_MAX} persons`);
  (await readOperators(context.pool)).calling(caller);
  const holder = await findHolder(context, id);
  if (holder.kind === 'person') throw contractFault('INVALID_INPUT', 'arg0 is a person');
  const { company } = holder;
  const signing = new Set([...arg1.map((person) => person.Id), ...(arg2 === undefined ? [] : [arg2])]);
  const signers = signatoriesOf(company).filter((person) => signing.has(person.id));
  const authorization = disclosed(authorizeCompany(company, signers.map(toPerson), context.rules));
  return { return: authorizationResult(authorization, { recipientId: id, at: context.clock.now(), company }) };
}

/**
 * `verifyAuthorizedSignatures` (FACTS b.8): whether the signatures over a text are those of persons who may sign for the
 * recipient, and enough. Nothing is kept: the same signatures may be asked about again, and used afterwards.
 *
 * @throws ContractFault 5001, 5002, 5003, 5005, 5012, 5018, 6004
 */
export async function verifyAuthorizedSignatures(
  context: AccountContext,
  { arg0, arg1, arg2 }: { arg0: string; arg1: readonly SignatureData[]; arg2: Buffer },
  caller: OrganizationNumber,
): Promise<{ return: SignatureAuthorizationResult }> {
  const id = readRecipientId(arg0, 'arg0');
  const text = arg2.toString('utf8');
  if (text.length > AGREEMENT_LENGTH_MAX) {
    throw contractFault('MAX_EXCEEDED', `at most ${AGREEMENT_LENGTH_MAX} characters of signed text`);
  }
  if (!Buffer.from(text).equals(arg2)) throw contractFault('INVALID_INPUT', 'arg2 is not text in UTF-8');
  (await readOperators(context.pool)).calling(caller);
  const holder = await findHolder(context, id);
  const verified = verifySignatures(context, { signatures: arg1, text, faultName: 'SIGNATURE_ERROR' });
  const signers = new Map(verified.map(({ personId, name }) => [personId as string, toPerson({ id: personId, name })]));
  const authorization = authorize(context, holder, [...signers.values()]);
  const company = holder.kind === 'company' ? holder.company : undefined;
  return { return: authorizationResult(authorization, { recipientId: id, at: context.clock.now(), company }) };
}

function authorize({ rules }: AccountContext, holder: Holder, signers: readonly Person[]): Authorization {
  const [first] = signers;
  if (first === undefined) throw new TypeError('the schema demands a signature');
  if (!signers.every(({ Id }) => isEntitled(holder, Id))) {
    throw contractFault('ACCESS_DENIED', 'a signer may not sign for this recipient');
  }
  return holder.kind === 'person'
    ? authorizePerson(first)
    : disclosed(authorizeCompany(holder.company, signers, rules));
}

function isEntitled(holder: Holder, personId: string): boolean {
  if (holder.kind === 'person') return holder.id === personId;
  return entitled(holder.company).some(({ id }) => id === personId);
}

function entitled(company: Company): Company['persons'] {
  return company.rule.kind === 'unknown' ? company.persons : signatoriesOf(company);
}

/** Who could still sign is told only to one who brings a right signer: they are personal numbers. */
function disclosed(authorization: Authorization): Authorization {
  return authorization.signedBy.length > 0 ? authorization : { ...authorization, possibleSigners: [] };
}
