import { newId, type Queryable } from '@brevduva/base';
import type { OrganizationNumber } from '@brevduva/protocol';
import type { ChannelPolicy, SupportInfo } from './letter.ts';
import { secretHash } from './organisation/credential.ts';
import type { PostalAddress } from './paper/address.ts';
import { insertSystemFlows, upsertBusinessSystem, upsertFlow, upsertOrganisation, upsertUnit } from './sql/admin.ts';
import { selectHolder } from './sql/credentialList.ts';
import { insertCredential } from './sql/credentials.ts';

export interface NewFlow {
  readonly code: string;
  readonly name: string;
  /** Code of the unit that bears the cost. */
  readonly unit: string;
  readonly channelPolicy: ChannelPolicy;
  /** Hours that a letter may be tried digitally before the switch gives digital up. */
  readonly digitalHours?: number;
  /** Hours that a person has for a case. */
  readonly caseHours?: number;
  readonly postageClass?: 'economy' | 'priority';
}

export interface NewOrganisation {
  readonly organizationNumber: OrganizationNumber;
  readonly name: string;
  readonly returnAddress: PostalAddress;
  readonly support: SupportInfo;
  readonly units: readonly { readonly code: string; readonly name: string }[];
  readonly flows: readonly NewFlow[];
  readonly systems: readonly NewSystem[];
}

export interface NewSystem {
  readonly name: string;
  /** Made from the name where it is left out. */
  readonly code?: string;
  readonly apiKey: string;
  /** Codes of the flows that it may send; all of the organisation's where it is left out. */
  readonly flows?: readonly string[];
}

/** Configuration of the hub by its owner. */
export interface HubAdmin {
  /** Creates an organisation with units, flows and systems, or brings an existing one (same number) to the same. */
  putOrganisation(organisation: NewOrganisation): Promise<{ id: string }>;
}

export function createHubAdmin(db: Queryable): HubAdmin {
  return {
    async putOrganisation(organisation) {
      const { units, flows, systems, ...own } = organisation;
      const organisationId = await upsertOrganisation(db, { id: newId(), ...own });
      const unitIds = new Map<string, string>();
      for (const unit of units) unitIds.set(unit.code, await upsertUnit(db, { organisationId, id: newId(), ...unit }));
      for (const flow of flows) await upsertFlow(db, flowRow(organisationId, flow, unitIds));
      for (const { name, code = codeFrom(name), apiKey, flows: allowed } of systems) {
        const systemId = await upsertBusinessSystem(db, { organisationId, id: newId(), code, name });
        const flowCodes = allowed ?? flows.map((flow) => flow.code);
        await insertSystemFlows(db, { organisationId, systemId, flowCodes });
        await putApiKey(db, { organisationId, systemId, hash: secretHash(apiKey) });
      }
      return { id: organisationId };
    },
  };
}

function flowRow(organisationId: string, flow: NewFlow, unitIds: ReadonlyMap<string, string>) {
  const unitId = unitIds.get(flow.unit);
  if (unitId === undefined)
    throw new Error(`flow ${flow.code} names unit ${flow.unit}, which the organisation does not have`);
  const { code, name, channelPolicy, digitalHours = 48, caseHours = 48, postageClass = 'economy' } = flow;
  return { organisationId, id: newId(), unitId, code, name, channelPolicy, digitalHours, caseHours, postageClass };
}

/** Without effect where the key is live already. */
async function putApiKey(
  db: Queryable,
  { hash, ...system }: { organisationId: string; systemId: string; hash: Buffer },
): Promise<void> {
  if ((await selectHolder(db, 'apiKey', hash)) !== undefined) return;
  await insertCredential(db, { ...system, id: newId(), kind: 'apiKey', hash, label: '', validUntil: undefined });
}

/** "Ärendesystemet" becomes arendesystemet. */
function codeFrom(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'system';
}
