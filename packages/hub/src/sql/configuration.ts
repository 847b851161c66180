import type { Queryable } from '@brevduva/base';
import type { OrganizationNumber } from '@brevduva/protocol';
import { LANES } from '../letter.ts';
import type { ConfigurationChange, Json } from '../organisation/compareConfiguration.ts';
import {
  type CredentialSettings,
  type FlowSettings,
  type OrganisationConfiguration,
  type OrganisationSettings,
  type SystemSettings,
  sortConfiguration,
  type UnitSettings,
} from '../organisation/configuration.ts';
import type { WrittenWaysIn } from '../organisation/waysIn.ts';
import {
  FLOW_COLUMNS,
  type FlowColumns,
  flowFacts,
  laneOf,
  ORGANISATION_COLUMNS,
  type OrganisationColumns,
  organisationFacts,
} from './flowRow.ts';
import { selectPrintShops } from './printShops.ts';
import { selectTemplates } from './templates.ts';

/** One organisation's configuration is applied by one at a time; held until the transaction ends. */
export async function lockConfiguration(db: Queryable, organizationNumber: string): Promise<void> {
  await db.query(`select pg_advisory_xact_lock(hashtextextended('configuration ' || $1, 0))`, [organizationNumber]);
}

/** What is in force now: what was retired or revoked is not in it. Undefined when there is no such organisation. */
export async function selectConfiguration(
  db: Queryable,
  organizationNumber: string,
): Promise<{ id: string; configuration: OrganisationConfiguration } | undefined> {
  const { rows } = await db.query<OrganisationColumns & { id: string }>(
    `select o.id, ${ORGANISATION_COLUMNS} from organisation o where o.organization_number = $1`,
    [organizationNumber],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { id } = row;
  const {
    name,
    returnAddress,
    support,
    laneWeights,
    creditor,
    printLayouts,
    dispatchers,
    notices,
    prices: known,
  } = organisationFacts(id, row);
  const prices = row.prices === null ? undefined : known;
  const organisation: OrganisationSettings = {
    number: organizationNumber as OrganizationNumber, // found by it
    name,
    returnAddress,
    support,
    laneWeights,
    prices,
    creditor,
    printLayouts,
    dispatchers,
    notices,
  };
  // One after the other: they may run on one connection inside a transaction.
  const units = await selectUnits(db, id);
  const templates = await selectTemplates(db, id);
  const printShops = await selectPrintShops(db, id);
  const flows = await selectFlowSettings(db, id);
  const systems = await selectSystemSettings(db, id);
  return { id, configuration: sortConfiguration({ organisation, units, templates, printShops, flows, systems }) };
}

/** The same by the organisation's id, for those who have come in and so have one. */
export async function selectConfigurationOf(db: Queryable, organisationId: string): Promise<OrganisationConfiguration> {
  const { rows } = await db.query<{ number: string }>(
    'select o.organization_number as number from organisation o where o.id = $1',
    [organisationId],
  );
  const found = await selectConfiguration(db, rows[0]?.number ?? '');
  if (found === undefined) throw new Error(`organisation ${organisationId} does not exist`);
  return found.configuration;
}

async function selectUnits(db: Queryable, organisationId: string): Promise<UnitSettings[]> {
  const { rows } = await db.query<{
    code: string;
    name: string;
    envelope_code: string | null;
    envelope_sizes: UnitSettings['envelopeSizes'] | null;
  }>('select code, name, envelope_code, envelope_sizes from unit where organisation_id = $1 and is_active', [
    organisationId,
  ]);
  return rows.map(({ code, name, envelope_code, envelope_sizes }) => ({
    ...{ code, name, envelopeCode: envelope_code ?? undefined },
    envelopeSizes: envelope_sizes ?? undefined,
  }));
}

async function selectFlowSettings(db: Queryable, organisationId: string): Promise<FlowSettings[]> {
  const { rows } = await db.query<FlowColumns>(
    `select ${FLOW_COLUMNS} from flow f join unit u on u.organisation_id = f.organisation_id and u.id = f.unit_id
     where f.organisation_id = $1 and f.is_active`,
    [organisationId],
  );
  return rows.map((row) => {
    const { unitCode: unit, unitName: _, isActive: __, unitEnvelope: ___, ...settings } = flowFacts(row);
    return { ...settings, unit };
  });
}

interface SystemRow {
  code: string;
  name: string;
  unit_code: string | null;
  lane: number;
  flows: string[];
  ways_in: WrittenWaysIn;
  credentials: {
    kind: CredentialSettings['kind'];
    sha256: string;
    label: string;
    from: string | null;
    until: string | null;
  }[];
}

async function selectSystemSettings(db: Queryable, organisationId: string): Promise<SystemSettings[]> {
  const { rows } = await db.query<SystemRow>(
    `select b.code, b.name, u.code as unit_code, b.lane, b.ways_in,
       array(select f.code from system_flow s join flow f on f.organisation_id = s.organisation_id and f.id = s.flow_id
             where s.organisation_id = b.organisation_id and s.business_system_id = b.id and f.is_active) as flows,
       (select coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'sha256', encode(c.hash, 'hex'), 'label', c.label,
                 'from', c.valid_from, 'until', c.valid_until)), '[]')
        from credential c where c.organisation_id = b.organisation_id and c.business_system_id = b.id
          and c.revoked_at is null) as credentials
     from business_system b
     left join unit u on u.organisation_id = b.organisation_id and u.id = b.unit_id
     where b.organisation_id = $1 and b.is_active`,
    [organisationId],
  );
  return rows.map((row) => ({
    code: row.code,
    name: row.name,
    unit: row.unit_code ?? undefined,
    lane: laneOf(row.lane),
    flows: row.flows,
    waysIn: row.ways_in,
    credentials: row.credentials.map(({ from, until, ...credential }) => ({
      ...credential,
      validFrom: from === null ? undefined : new Date(from).toISOString(),
      validUntil: until === null ? undefined : new Date(until).toISOString(),
    })),
  }));
}

/** Inserts the organisation or brings the one with the number to the same. @returns its id. */
export async function putOrganisation(db: Queryable, id: string, settings: OrganisationSettings): Promise<string> {
  const { interactive, normal, bulk } = settings.laneWeights;
  const { rows } = await db.query<{ id: string }>(
    `insert into organisation (id, organization_number, name, return_address, support, lane_weights, prices, creditor,
       print_layouts, dispatchers, notices)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (organization_number) do update set name = excluded.name, return_address = excluded.return_address,
       support = excluded.support, lane_weights = excluded.lane_weights, prices = excluded.prices,
       creditor = excluded.creditor, print_layouts = excluded.print_layouts, dispatchers = excluded.dispatchers,
       notices = excluded.notices
     returning id`,
    [
      id,
      settings.number,
      settings.name,
      settings.returnAddress,
      settings.support,
      [interactive, normal, bulk],
      settings.prices ?? null,
      settings.creditor ?? null,
      JSON.stringify(settings.printLayouts),
      JSON.stringify(settings.dispatchers),
      settings.notices ?? null,
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an upsert returned no row');
  return row.id;
}

/** Brings the organisation's units to these: those that are not among them are retired. */
export async function putUnits(db: Queryable, organisationId: string, units: readonly UnitSettings[]): Promise<void> {
  await db.query(
    `with wanted as (
       select * from jsonb_to_recordset($2) as w (code text, name text, "envelopeCode" text, "envelopeSizes" text[])
     ), retired as (
       update unit set is_active = false
       where organisation_id = $1 and is_active and code not in (select code from wanted)
     )
     insert into unit (organisation_id, id, code, name, envelope_code, envelope_sizes)
     select $1, gen_random_uuid(), code, name, "envelopeCode", "envelopeSizes" from wanted
     on conflict (organisation_id, code) do update
       set name = excluded.name, envelope_code = excluded.envelope_code, envelope_sizes = excluded.envelope_sizes, is_active = true`,
    [organisationId, JSON.stringify(units)],
  );
}

/** Brings the organisation's flows to these; their units must be there already. */
export async function putFlows(db: Queryable, organisationId: string, flows: readonly FlowSettings[]): Promise<void> {
  await db.query(
    `with wanted as (
       select w.*, u.id as unit_id
       from jsonb_to_recordset($2) as w (code text, name text, unit text, "channelPolicy" text, "digitalHours" integer,
         "caseHours" integer, "postageClass" text, "printShop" text, "printLayout" text, "paperFormat" text, duplex boolean, colour boolean, "firstPage" text, envelope text, "pdfAccessibility" text,
         "templateCode" text, "defaultSubject" text, sensitivity text,
         "replyAllowed" boolean, "retentionDays" integer, notification text, notice jsonb, "lifetimeHours" integer, "eInvoice" boolean,
         "eInvoiceWaitHours" smallint, "eInvoiceVatPercent" smallint,
         dispatcher text,
         "approvalOver" integer, lane smallint, "sendWindow" jsonb, "schedulingAllowed" boolean,
         "unreadDays" integer, "unreadAction" text, "unreadUntold" text, "onFlaggedAddress" text)
       left join unit u on u.organisation_id = $1 and u.code = w.unit
     ), retired as (
       update flow set is_active = false
       where organisation_id = $1 and is_active and code not in (select code from wanted)
     )
     insert into flow (organisation_id, id, unit_id, code, name, channel_policy, digital_hours, case_hours, postage_class,
       print_shop_code, print_layout, paper_format, duplex, colour, first_page, envelope, pdf_accessibility, template_code, default_subject, sensitivity, reply_allowed, retention_days, notification, notice, lifetime_hours, e_invoice,
       e_invoice_wait_hours, e_invoice_vat_percent, dispatcher, approval_over, lane, send_window, scheduling_allowed,
       unread_days, unread_action, unread_untold, on_flagged_address)
     select $1, gen_random_uuid(), unit_id, code, name, "channelPolicy", "digitalHours", "caseHours", "postageClass",
       "printShop", "printLayout", "paperFormat", duplex, colour, "firstPage", envelope, "pdfAccessibility", "templateCode", "defaultSubject", sensitivity, "replyAllowed", "retentionDays", notification, notice, "lifetimeHours",
       "eInvoice", "eInvoiceWaitHours", "eInvoiceVatPercent", dispatcher, "approvalOver", lane, "sendWindow", "schedulingAllowed",
       "unreadDays", "unreadAction", "unreadUntold", "onFlaggedAddress"
     from wanted
     on conflict (organisation_id, code) do update set unit_id = excluded.unit_id, name = excluded.name,
       channel_policy = excluded.channel_policy, digital_hours = excluded.digital_hours, case_hours = excluded.case_hours,
       postage_class = excluded.postage_class,
       print_shop_code = excluded.print_shop_code, print_layout = excluded.print_layout, paper_format = excluded.paper_format, duplex = excluded.duplex, colour = excluded.colour,
       first_page = excluded.first_page, envelope = excluded.envelope,
       pdf_accessibility = excluded.pdf_accessibility, template_code = excluded.template_code,
       default_subject = excluded.default_subject, sensitivity = excluded.sensitivity,
       reply_allowed = excluded.reply_allowed, retention_days = excluded.retention_days,
       notification = excluded.notification, notice = excluded.notice, lifetime_hours = excluded.lifetime_hours, e_invoice = excluded.e_invoice,
       e_invoice_wait_hours = excluded.e_invoice_wait_hours, e_invoice_vat_percent = excluded.e_invoice_vat_percent,
       dispatcher = excluded.dispatcher, approval_over = excluded.approval_over, lane = excluded.lane, send_window = excluded.send_window,
       scheduling_allowed = excluded.scheduling_allowed, unread_days = excluded.unread_days,
       unread_action = excluded.unread_action, unread_untold = excluded.unread_untold, on_flagged_address = excluded.on_flagged_address, is_active = true`,
    [organisationId, JSON.stringify(flows.map((flow) => ({ ...flow, lane: LANES[flow.lane] })))],
  );
}

/** Brings the organisation's systems to these, credentials and flows apart; their units must be there already. */
export async function putSystems(
  db: Queryable,
  organisationId: string,
  systems: readonly SystemSettings[],
): Promise<void> {
  await db.query(
    `with wanted as (
       select w.*, u.id as unit_id
       from jsonb_to_recordset($2) as w (code text, name text, unit text, lane smallint, "waysIn" jsonb)
       left join unit u on u.organisation_id = $1 and u.code = w.unit
     ), retired as (
       update business_system set is_active = false
       where organisation_id = $1 and is_active and code not in (select code from wanted)
     )
     insert into business_system (organisation_id, id, code, name, unit_id, lane, ways_in)
     select $1, gen_random_uuid(), code, name, unit_id, lane, "waysIn" from wanted
     on conflict (organisation_id, code) do update set name = excluded.name, unit_id = excluded.unit_id,
       lane = excluded.lane, ways_in = excluded.ways_in, is_active = true`,
    [organisationId, JSON.stringify(systems.map((system) => ({ ...system, lane: LANES[system.lane] })))],
  );
}

/** Lets each system send exactly its flows. A retired one sends none, so that it has none if it comes back. */
export async function putSystemFlows(
  db: Queryable,
  organisationId: string,
  systems: readonly SystemSettings[],
): Promise<void> {
  const pairs = systems.flatMap(({ code, flows }) => flows.map((flow) => ({ system: code, flow })));
  await db.query(
    `with wanted as (
       select b.id as business_system_id, f.id as flow_id
       from jsonb_to_recordset($2) as w (system text, flow text)
       join business_system b on b.organisation_id = $1 and b.code = w.system
       join flow f on f.organisation_id = $1 and f.code = w.flow
     ), ended as (
       delete from system_flow s where s.organisation_id = $1 and not exists (
         select from wanted w where w.business_system_id = s.business_system_id and w.flow_id = s.flow_id)
     )
     insert into system_flow (organisation_id, business_system_id, flow_id)
     select $1, business_system_id, flow_id from wanted on conflict do nothing`,
    [organisationId, JSON.stringify(pairs)],
  );
}

/** Appends what was applied together. */
export async function insertChanges(
  db: Queryable,
  organisationId: string,
  applied: { id: string; actor: string; changes: readonly ConfigurationChange[] },
): Promise<void> {
  await db.query(
    `insert into configuration_change (organisation_id, applied_id, actor, kind, path, field, before, after)
     select $1, $2, $3, kind, path, field, nullif(before, 'null'), nullif(after, 'null')
     from jsonb_to_recordset($4) as c (kind text, path text, field text, before jsonb, after jsonb)`,
    [organisationId, applied.id, applied.actor, JSON.stringify(applied.changes)],
  );
}

export interface StoredChange extends Omit<ConfigurationChange, 'field'> {
  readonly id: number;
  readonly appliedId: string;
  readonly at: Date;
  readonly actor: string;
  readonly field: string | null;
  readonly before: Json;
  readonly after: Json;
}

/** The latest changes, newest first. */
export async function selectChanges(db: Queryable, organisationId: string, limit: number): Promise<StoredChange[]> {
  const { rows } = await db.query<StoredChange>(
    `select id, applied_id as "appliedId", at, actor, kind, path, field, before, after
     from configuration_change where organisation_id = $1 order by id desc limit $2`,
    [organisationId, limit],
  );
  return rows;
}
