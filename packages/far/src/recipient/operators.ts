import type { Queryable } from '@brevduva/base';
import { contractFault, type OrganizationNumber, type ServiceSupplier } from '@brevduva/protocol';
import { type OperatorRow, selectKnownOperators } from '../sql/organizations.ts';

/** The operators, as they are at one moment. One that is suspended or closed may neither call nor be chosen. */
export interface Operators {
  /** The caller as an operator. @throws ContractFault 5002 when it is none */
  calling(caller: OrganizationNumber): OperatorRow;
  /** The operator that `ServiceSupplier` names by its internet domain. @throws ContractFault 5003 */
  named(domain: string): OperatorRow;
  /** Let in or not: accounts stay where they are. */
  byId(id: number): OperatorRow | undefined;
}

export async function readOperators(db: Queryable): Promise<Operators> {
  const rows = await selectKnownOperators(db);
  return {
    calling(caller) {
      const row = rows.find(({ organizationNumber, admitted }) => admitted && organizationNumber === caller);
      if (row === undefined) throw contractFault('ACCESS_DENIED', 'only a mailbox operator may do this');
      return row;
    },
    named(domain) {
      const wanted = domain.trim().toLowerCase();
      const row = rows.find(({ domain: own, admitted }) => admitted && own === wanted);
      if (row === undefined) throw contractFault('OBJECT_NOT_FOUND', 'no operator has the domain in ServiceSupplier');
      return row;
    },
    byId: (id) => rows.find((row) => row.id === id),
  };
}

/** `InternalServiceAdress` is mandatory and empty in all recorded traffic (FACTS b.3). */
export function serviceSupplier(operator: OperatorRow): ServiceSupplier {
  return {
    Id: operator.organizationNumber,
    Name: operator.name,
    ...(operator.logo === null ? {} : { Logo: operator.logo }),
    ServiceAdress: operator.serviceAddress,
    ...(operator.uiAddress === null ? {} : { UIAdress: operator.uiAddress }),
    InternalServiceAdress: '',
  };
}
