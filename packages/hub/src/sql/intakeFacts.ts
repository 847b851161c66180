import type { Queryable } from '@brevduva/base';
import type { OrganizationNumber } from '@brevduva/protocol';
import type { ChannelPolicy, FlowFacts, OrganisationFacts, SupportInfo } from '../letter.ts';
import type { PostalAddress } from '../paper/address.ts';

export interface IntakeFacts {
  readonly organisation: OrganisationFacts;
  readonly flow: { readonly id: string; readonly facts: FlowFacts } | undefined;
}

interface Row {
  organization_number: string;
  organisation_name: string;
  return_address: PostalAddress;
  support: SupportInfo;
  flow_id: string | null;
  flow_code: string;
  flow_name: string;
  channel_policy: ChannelPolicy;
  digital_hours: number;
  case_hours: number;
  postage_class: 'economy' | 'priority';
  unit_code: string;
  unit_name: string;
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
  return { organisation: organisationFacts(organisationId, row), flow: flowOf(row) };
}

function organisationFacts(id: string, row: Row): OrganisationFacts {
  return {
    id,
    organizationNumber: row.organization_number as OrganizationNumber,
    name: row.organisation_name,
    returnAddress: row.return_address,
    support: row.support,
  };
}

function flowOf(row: Row): IntakeFacts['flow'] {
  if (row.flow_id === null) return undefined;
  const facts = {
    code: row.flow_code,
    name: row.flow_name,
    unitCode: row.unit_code,
    unitName: row.unit_name,
    channelPolicy: row.channel_policy,
    digitalHours: row.digital_hours,
    caseHours: row.case_hours,
    postageClass: row.postage_class,
  };
  return { id: row.flow_id, facts };
}
