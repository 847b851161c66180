import type { OrganizationNumber, UserAccessRights, UserAccessRightsResult } from '@brevduva/protocol';
import type { AccountContext } from '../recipient/accountContext.ts';
import { signatoriesOf } from '../recipient/authorization.ts';
import type { Company } from '../recipient/companyRegister.ts';
import { readOperators } from '../recipient/operators.ts';
import { type ConsentGrant, type ConsentRow, selectConsentsOf } from '../sql/consents.ts';

type Activity = UserAccessRights['GrantedAccess'][number];
type Problem = UserAccessRightsResult['Problems'][number];

/**
 * `getUserAccessRights` and `getUserAccessRightsNoConcent` (FACTS b.8): for which companies a person may do what, by office
 * and, if asked for, by consent. A person's own mailbox needs no right and is not listed. Where the company register does
 * not answer or says too little, `Problems` tells it, and what is known without it still stands.
 *
 * @throws ContractFault 5002
 */
export async function getUserAccessRights(
  { pool, companies }: AccountContext,
  { arg0: userIdentity }: { arg0: string },
  { caller, withConsents }: { caller: OrganizationNumber; withConsents: boolean },
): Promise<{ return: UserAccessRightsResult }> {
  (await readOperators(pool)).calling(caller);
  // An identity of another country can have neither office nor consent here, and is no number to look for.
  if (!PERSON.test(userIdentity)) return { return: { Rights: [], Problems: [] } };
  const found = await companies.findByPerson(userIdentity);
  const known = found.kind === 'found' ? found.companies : [];
  const consents = withConsents ? await selectConsentsOf(pool, userIdentity) : [];
  const Rights = [
    ...known.flatMap((company) => officeRights(company, userIdentity)),
    ...consents.map((consent) => consentRight(consent, known, userIdentity)),
  ];
  const Problems = found.kind === 'found' ? known.flatMap(problemsOf) : [INACCESSIBLE];
  return { return: { Rights, Problems } };
}

const PERSON = /^(?:18|19|20)[0-9]{10}$/;

/** The holder's part: everything, alone or, with others, begun. */
const SIGNATORY_ACTIVITIES: readonly Activity[] = [
  'View',
  'ForwardMessage',
  'InitiateAccountAction',
  'InitiateConsentReadAction',
  'InitiateConsentManageAction',
  'EditSettings',
  'EditSettingsFrom',
  'EditSettingsForward',
  'EditSettingsContact',
  'EditSettingsConsent',
  'EditSettingsAddressbook',
  'EditSettingsInactivate',
  'InitiateConsentAction',
];

/** Changes of the account, of consents and of whom mail is taken from need all signatures. */
const JOINT_SIGNATORY_ACTIVITIES: readonly Activity[] = [
  'View',
  'InitiateAccountAction',
  'InitiateConsentReadAction',
  'InitiateConsentManageAction',
  'InitiateConsentAction',
];

const ROLE_ACTIVITIES: readonly Activity[] = ['View'];

const CONSENT_ACTIVITIES: Readonly<Record<ConsentGrant, readonly Activity[]>> = {
  ConsentManage: ['View', 'ForwardMessage', 'EditSettings', 'EditSettingsContact', 'EditSettingsAddressbook'],
  ConsentReadExtendUnread: ['View'],
  ConsentRead: ['View'],
};

const INACCESSIBLE: Problem = {
  Source: 'Bolagsverket',
  Type: 'SourceInaccessible',
  Description: 'The company register does not answer.',
};

function officeRights(company: Company, userIdentity: string): UserAccessRights[] {
  const person = company.persons.find(({ id }) => id === userIdentity);
  if (person === undefined) return [];
  const isSignatory = company.rule.kind !== 'unknown' && signatoriesOf(company).includes(person);
  if (!isSignatory && person.role === undefined) return [];
  const signatory = company.rule.kind === 'eachAlone' ? SIGNATORY_ACTIVITIES : JOINT_SIGNATORY_ACTIVITIES;
  return [
    {
      Id: company.organizationNumber,
      OrganizationName: company.name,
      UserIdentity: userIdentity,
      GrantedAccess: [...(isSignatory ? signatory : ROLE_ACTIVITIES)],
      GrantType: isSignatory ? 'AuthorizedSignatory' : 'AuthorizedRole',
      ...(person.role === undefined ? {} : { Role: person.role }),
    },
  ];
}

function consentRight(
  { organizationNumber, grantType }: ConsentRow,
  known: readonly Company[],
  userIdentity: string,
): UserAccessRights {
  const company = known.find((each) => each.organizationNumber === organizationNumber);
  return {
    Id: organizationNumber,
    ...(company === undefined ? {} : { OrganizationName: company.name }),
    UserIdentity: userIdentity,
    GrantedAccess: [...CONSENT_ACTIVITIES[grantType]],
    GrantType: grantType,
  };
}

function problemsOf(company: Company): Problem[] {
  const problem = (Type: Problem['Type'], Description: string): Problem => ({
    Source: 'Bolagsverket',
    Type,
    Description,
    ObjectId: company.organizationNumber,
  });
  if (company.rule.kind === 'unknown') return [problem('DataUncertain', 'The signing rule cannot be interpreted.')];
  if (signatoriesOf(company).length === 0) return [problem('DataMissing', 'The company has no registered signatory.')];
  return [];
}
