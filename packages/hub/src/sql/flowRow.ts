import type { OrganizationNumber } from '@brevduva/protocol';
import type { ChannelPolicy, FlowFacts, OrganisationFacts, SupportInfo } from '../letter.ts';
import type { PostalAddress } from '../paper/address.ts';

/** Columns of an organisation with one of its flows and its unit, as PostgreSQL gives them. */
export interface OrganisationColumns {
  organization_number: string;
  organisation_name: string;
  return_address: PostalAddress;
  support: SupportInfo;
}

export interface FlowColumns {
  flow_code: string;
  flow_name: string;
  channel_policy: ChannelPolicy;
  digital_hours: number;
  case_hours: number;
  postage_class: 'economy' | 'priority';
  unit_code: string;
  unit_name: string;
}

export function organisationFacts(id: string, row: OrganisationColumns): OrganisationFacts {
  return {
    id,
    // Checked by the table; the database is inside the boundary.
    organizationNumber: row.organization_number as OrganizationNumber,
    name: row.organisation_name,
    returnAddress: row.return_address,
    support: row.support,
  };
}

export function flowFacts(row: FlowColumns): FlowFacts {
  return {
    code: row.flow_code,
    name: row.flow_name,
    unitCode: row.unit_code,
    unitName: row.unit_name,
    channelPolicy: row.channel_policy,
    digitalHours: row.digital_hours,
    caseHours: row.case_hours,
    postageClass: row.postage_class,
  };
}
