import type { Infer } from '../notation/index.ts';
import { dateTime, many, oneOf, optional, Schema, string } from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { RecipientId } from './recipient.ts';

/** Types of signatories and access rights (FACTS b.8), the 2025 edition: `SignatoryId` instead of `PersonalNumber`. */
export const authoritySchema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Authority`,
  fileName: 'Authority',
  prefix: 'a',
});

export const SignatoryId = authoritySchema.simple('SignatoryId', string({ minLength: 2, maxLength: 256 }));

/** The natural person who acts: a Swedish number, or an id that begins with a lower-case country code (FACTS c). */
export const UserIdentity = authoritySchema.simple(
  'UserIdentity',
  string({ minLength: 12, maxLength: 255, pattern: '(18\\d{10}|19\\d{10}|20\\d{10})|([a-z]{2,2}.*)' }),
);

export const Person = authoritySchema.type('Person', { Id: SignatoryId, Name: string() });

export const AuthorizationStatus = authoritySchema.simple(
  'AuthorizationStatus',
  oneOf(['Complete', 'Incomplete', 'RulesNotSupported']),
);

export const SignatureAuthorizationResult = authoritySchema.type('SignatureAuthorizationResult', {
  Id: optional(() => RecipientId),
  SignedBy: many(Person),
  Status: optional(AuthorizationStatus),
  Timestamp: optional(dateTime()),
  Text: optional(string()),
  PossibleSigners: many(Person),
});

export const AccountActions = authoritySchema.simple('AccountActions', oneOf(['Ownership', 'CancelConsent']));

export const UserAccessRightsProblemSource = authoritySchema.simple(
  'UserAccessRightsProblemSource',
  oneOf(['Bolagsverket']),
);

export const UserAccessRightsProblemType = authoritySchema.simple(
  'UserAccessRightsProblemType',
  oneOf(['DataMissing', 'DataUncertain', 'DataUnexpected', 'SourceInaccessible']),
);

export const UserAccessRightsProblem = authoritySchema.type('UserAccessRightsProblem', {
  Source: UserAccessRightsProblemSource,
  Type: UserAccessRightsProblemType,
  Description: string(),
  ObjectId: optional(string()),
});

export const UserActivities = authoritySchema.simple(
  'UserActivities',
  oneOf([
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
  ]),
);

export const GrantTypes = authoritySchema.simple(
  'GrantTypes',
  oneOf(['AuthorizedSignatory', 'AuthorizedRole', 'ConsentManage', 'ConsentReadExtendUnread', 'ConsentRead']),
);

export const UserAccessRights = authoritySchema.type('UserAccessRights', {
  Id: () => RecipientId,
  OrganizationName: optional(string()),
  UserIdentity,
  GrantedAccess: many(UserActivities),
  GrantType: GrantTypes,
  Role: optional(string()),
});

export const UserAccessRightsResult = authoritySchema.type('UserAccessRightsResult', {
  Rights: many(UserAccessRights),
  Problems: many(UserAccessRightsProblem),
});

export type Person = Infer<typeof Person>;
export type AuthorizationStatus = Infer<typeof AuthorizationStatus>;
export type SignatureAuthorizationResult = Infer<typeof SignatureAuthorizationResult>;
export type UserAccessRights = Infer<typeof UserAccessRights>;
export type UserAccessRightsResult = Infer<typeof UserAccessRightsResult>;
