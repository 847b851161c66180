import type { Queryable } from '@brevduva/base';
import type { FlowFacts, OrganisationFacts } from '../letter.ts';
import { type FlowColumns, flowFacts, type OrganisationColumns, organisationFacts } from './flowRow.ts';

export interface IntakeFacts {
  readonly organisation: OrganisationFacts;
  readonly flow: { readonly id: string; readonly facts: FlowFacts } | undefined;
}

interface Row extends OrganisationColumns, FlowColumns {
  flow_id: string | null;
}

/** The organisation, and its flow with the code if it has one. */
export async function selectIntakeFacts(db: Queryable, organisationId: string, flowCode: string): Promise<IntakeFacts> {
  const { rows } = await db.query<Row>({
    name: 'selectIntakeFacts',
    text: `select o.organization_number, o.name as organisation_name, o.return_address, o.support, f.id as flow_id,
            f.code as flow_code, f.name as flow_name, f.channel_policy, f.digital_hours, f.case_hours, f.postage_class,
            u.code as unit_code, u.name as unit_name
     from organisation o
     left join flow f on f.organisation_id = o.id and f.code = $2
     left join unit u on u.organisation_id = f.organisation_id and u.id = f.unit_id
     where o.id = $1`,
    values: [organisationId, flowCode],
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`organisation ${organisationId} does not exist`);
  // Without a flow its columns are null, and not looked at.
  const flow = row.flow_id === null ? undefined : { id: row.flow_id, facts: flowFacts(row) };
  return { organisation: organisationFacts(organisationId, row), flow };
}
