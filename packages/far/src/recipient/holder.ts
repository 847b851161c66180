import { ageOn, contractFault, parseRecipientId, type RecipientId } from '@brevduva/protocol';
import type { AccountContext } from './accountContext.ts';
import { signatoriesOf } from './authorization.ts';
import type { Company } from './companyRegister.ts';

/** Whose account it is: a person, or a company with what its register says about it today. */
export type Holder = { kind: 'person'; id: RecipientId } | { kind: 'company'; id: RecipientId; company: Company };

/** An id in the contract's form that can exist: calendar and check digit, which the schema does not look at. 5001. */
export function readRecipientId(text: string, name: string): RecipientId {
  const parsed = parseRecipientId(text);
  if (parsed.ok && parsed.id === text) return parsed.id;
  const fault = parsed.ok ? 'format' : parsed.fault;
  throw contractFault('INVALID_INPUT', `${name} is no number that can exist (${fault})`);
}

/** @throws ContractFault 5003 or 5018, 6004 for one who trades under the personal number */
export async function findHolder({ companies }: AccountContext, id: RecipientId): Promise<Holder> {
  if (!id.startsWith('16')) return { kind: 'person', id };
  if (SOLE_TRADER.test(id)) throw contractFault('FORETAGSFORMEN_STODS_EJ', 'a sole trader registers as a person');
  const answer = await companies.find(id);
  if (answer.kind === 'unavailable') throw contractFault('BOLAGSVERKET_ERROR', 'the company register does not answer');
  if (answer.kind === 'unknown')
    throw contractFault('OBJECT_NOT_FOUND', 'the company register does not know the company');
  return { kind: 'company', id, company: answer.company };
}

/** Refuses who may not have a mailbox (FACTS i): 6007, 6006, 5009, 5017; 6004 for a company. */
export async function refuseIneligible({ population, rules, clock }: AccountContext, holder: Holder): Promise<void> {
  if (holder.kind === 'company') {
    if (!rules.companyForms.includes(holder.company.form)) throw contractFault('FORETAGSFORMEN_STODS_EJ');
    return;
  }
  const answer = await population.find(holder.id);
  if (answer.kind === 'unavailable') throw contractFault('SPAR_ERROR', 'the population register does not answer');
  if (answer.kind === 'unknown' || answer.person.isDeceased) throw contractFault('NOT_EXIST_IDENTITY');
  if (answer.person.hasProtectedIdentity && !rules.protectedIdentityMayRegister) {
    throw contractFault('PROTECTED_IDENTITY');
  }
  const ageYears = ageOn(holder.id, clock.now()) ?? 0;
  if (ageYears < rules.registrationAgeYearsMin) {
    throw contractFault('REGISTER_ACCOUNT_ERROR', `the person is not ${rules.registrationAgeYearsMin} years old`);
  }
}

/** Whether a person may act for the account: the holder, or one of the company's signatories. */
export function mayAct(holder: Holder, userIdentity: string): boolean {
  if (holder.kind === 'person') return holder.id === userIdentity;
  const persons = holder.company.rule.kind === 'unknown' ? holder.company.persons : signatoriesOf(holder.company);
  return persons.some(({ id }) => id === userIdentity);
}

/** @throws ContractFault 5002 */
export function refuseStranger(holder: Holder, userIdentity: string): void {
  if (!mayAct(holder, userIdentity)) throw contractFault('ACCESS_DENIED', 'the person may not act for this recipient');
}

/** The third digit of an organisation's number is 2 or more; below, it is a personal number after `16` (FACTS c). */
const SOLE_TRADER = /^16\d{2}[01]/;
