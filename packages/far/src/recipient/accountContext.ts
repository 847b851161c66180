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

/** Requests made before this have waited too long for signatures. */
export function waitingSince({ clock, rules }: AccountContext): Date {
  return new Date(clock.now().getTime() - rules.waitingDaysMax * DAY_MS);
}

const DAY_MS = 86_400_000;

/** Who calls, and by which id the call is found again. */
export interface Caller {
  caller: OrganizationNumber;
  callId: string;
}
