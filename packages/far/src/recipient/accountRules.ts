import type { AccountTypes } from '@brevduva/protocol';

/**
 * How the register reads what the contract leaves open (FACTS i, n). Each default is the safer reading; docs/contract/
 * recipient.md says why.
 */
export interface AccountRules {
  /** An older signature is refused. The operator hands it in at once, so minutes are enough. */
  signatureAgeMsMax: number;
  /** A company's request that has waited longer for signatures counts no more, and nor do its signatures. */
  waitingDaysMax: number;
  /** The signed text must have the line of `agreementLine`: it ties the signature to this action, recipient and operator. */
  agreementMustNameAction: boolean;
  /** Account types that may be registered. `Anonymous` was never explained (FACTS n.6). */
  accountTypes: readonly AccountTypes[];
  registrationAgeYearsMin: number;
  protectedIdentityMayRegister: boolean;
  /** Letter codes of the company forms that may register (FACTS i); others are refused with 6004. */
  companyForms: readonly string[];
  /** How many of a board make "the board": more than half is enough to decide (aktiebolagslagen 8 kap. 21 §). */
  boardSignatures: 'majority' | 'all';
  /** Who hands in a change of supplier: the chosen operator alone, or also the one that has the account. */
  changeOfSupplierBy: 'chosenOperator' | 'eitherOperator';
  /** What an empty `AcceptedSenders` says (FACTS n.5). */
  emptyAcceptedSenders: 'none' | 'all';
}

export const DEFAULT_ACCOUNT_RULES: AccountRules = {
  signatureAgeMsMax: 15 * 60_000,
  waitingDaysMax: 90,
  agreementMustNameAction: true,
  accountTypes: ['Secure'],
  registrationAgeYearsMin: 18,
  protectedIdentityMayRegister: false,
  companyForms: ['AB', 'HB', 'KB', 'BRF', 'EK'],
  boardSignatures: 'majority',
  changeOfSupplierBy: 'chosenOperator',
  emptyAcceptedSenders: 'none',
};
