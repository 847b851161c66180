import type { Clock } from '@brevduva/base';
import type { OrganizationNumber, TrustStore } from '@brevduva/protocol';
import type { Pool } from '../sql/pool.ts';
import type { AccountRules } from './accountRules.ts';
import type { CompanyRegister } from './companyRegister.ts';
import type { PopulationRegister } from './populationRegister.ts';

/** What every operation on accounts works with. */
export interface AccountContext {
  pool: Pool;
  clock: Clock;
  rules: AccountRules;
  /** Issuers of e-ID. */
  eIdTrust: TrustStore;
  companies: CompanyRegister;
  population: PopulationRegister;
}

/** Who calls, and by which id the call is found again. */
export interface Caller {
  caller: OrganizationNumber;
  callId: string;
}
