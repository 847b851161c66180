/** Who may sign for a company. `unknown`: the registered text cannot be interpreted by a program. */
export type SigningRule =
  | { kind: 'eachAlone' }
  | { kind: 'together'; signatures: number }
  | { kind: 'board' }
  | { kind: 'unknown' };

export interface CompanyPerson {
  /** Twelve digits. */
  id: string;
  name: string;
  isSignatory: boolean;
  isBoardMember: boolean;
  /** As registered, for instance `Verkställande direktör`. */
  role?: string;
}

export interface Company {
  /** Twelve digits, `16` first. */
  organizationNumber: string;
  name: string;
  /** Bolagsverket's letter code: AB, HB, KB, BRF, EK, … */
  form: string;
  rule: SigningRule;
  /** The rule as registered, for people. */
  ruleText: string;
  persons: readonly CompanyPerson[];
}

/**
 * Bolagsverket, or what stands in its place. `unavailable` is an answer and not an error: the register goes on without, and
 * says so (5018, or `Problems`).
 */
export interface CompanyRegister {
  find(
    organizationNumber: string,
  ): Promise<{ kind: 'found'; company: Company } | { kind: 'unknown' } | { kind: 'unavailable' }>;
  /** The companies that a person has any part in. */
  findByPerson(personId: string): Promise<{ kind: 'found'; companies: readonly Company[] } | { kind: 'unavailable' }>;
}
