import type { Queryable } from '@brevduva/base';
import type { FlowFacts, OrganisationFacts } from '../letter.ts';
import {
  FLOW_COLUMNS,
  type FlowColumns,
  flowFacts,
  ORGANISATION_COLUMNS,
  type OrganisationColumns,
  organisationFacts,
} from './flowRow.ts';

export interface IntakeFacts {
  readonly organisation: OrganisationFacts;
  readonly flow: IntakeFlow | undefined;
}

export interface IntakeFlow {
  readonly id: string;
  readonly facts: FlowFacts;
  /** The system that hands in may send the flow. */
  readonly isAllowed: boolean;
}

interface Row extends OrganisationColumns, FlowColumns {
  flow_id: string | null;
  is_allowed: boolean;
}

/**
 * The organisation, and its flow with the code if it has one. What the system may send is asked here, at every letter, and not
 * remembered: a way in may know its system for days.
 */
export async function selectIntakeFacts(
  db: Queryable,
  system: { readonly organisationId: string; readonly id: string },
  flowCode: string,
): Promise<IntakeFacts> {
  const { organisationId } = system;
  const { rows } = await db.query<Row>({
    name: 'selectIntakeFacts',
    text: `select ${ORGANISATION_COLUMNS}, f.id as flow_id, ${FLOW_COLUMNS}, s.flow_id is not null as is_allowed
     from organisation o
     left join flow f on f.organisation_id = o.id and f.code = $3
     left join unit u on u.organisation_id = f.organisation_id and u.id = f.unit_id
     left join system_flow s on s.organisation_id = o.id and s.business_system_id = $2 and s.flow_id = f.id
     where o.id = $1`,
    values: [organisationId, system.id, flowCode],
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`organisation ${organisationId} does not exist`);
  // Without a flow its columns are null, and not looked at.
  const flow = row.flow_id === null ? undefined : intakeFlow(row.flow_id, row);
  return { organisation: organisationFacts(organisationId, row), flow };
}

function intakeFlow(id: string, row: Row): IntakeFlow {
  return { id, facts: flowFacts(row), isAllowed: row.is_allowed };
}
