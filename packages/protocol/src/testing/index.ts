export {
  createTestAuthority,
  type IssuedCertificate,
  type IssueOptions,
  type TestAuthority,
  type TestAuthorityOptions,
} from './createTestAuthority.ts';
