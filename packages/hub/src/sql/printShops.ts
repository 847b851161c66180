import type { Queryable } from '@brevduva/base';
import type { PrintShopSettings } from '../printShop/printShop.ts';

interface ShopRow {
  readonly code: string;
  readonly name: string;
  /** All but code and name. Written by {@link putPrintShops} only; the database is inside the boundary. */
  readonly settings: Omit<PrintShopSettings, 'code' | 'name'>;
}

const toShop = ({ code, name, settings }: ShopRow): PrintShopSettings => ({ code, name, ...settings });

/** The organisation's print shops in force. */
export async function selectPrintShops(db: Queryable, organisationId: string): Promise<PrintShopSettings[]> {
  const { rows } = await db.query<ShopRow>(
    'select code, name, settings from print_shop where organisation_id = $1 and is_active order by code',
    [organisationId],
  );
  return rows.map(toShop);
}

/** Of several organisations at once, in force or retired: batches may still lie with one that is retired. */
export async function selectPrintShopsOf(
  db: Queryable,
  organisationIds: readonly string[],
): Promise<{ organisationId: string; isActive: boolean; shop: PrintShopSettings }[]> {
  const { rows } = await db.query<ShopRow & { organisation_id: string; is_active: boolean }>(
    `select organisation_id, code, name, settings, is_active from print_shop where organisation_id = any ($1::uuid[])
     order by organisation_id, code`,
    [organisationIds],
  );
  return rows.map((row) => ({ organisationId: row.organisation_id, isActive: row.is_active, shop: toShop(row) }));
}

/** Brings the organisation's print shops to these: those that are not among them are retired. */
export async function putPrintShops(
  db: Queryable,
  organisationId: string,
  shops: readonly PrintShopSettings[],
): Promise<void> {
  await db.query(
    `with wanted as (
       select code, name, settings from jsonb_to_recordset($2) as w (code text, name text, settings jsonb)
     ), retired as (
       update print_shop set is_active = false
       where organisation_id = $1 and is_active and code not in (select code from wanted)
     )
     insert into print_shop (organisation_id, code, name, settings) select $1, code, name, settings from wanted
     on conflict (organisation_id, code) do update set name = excluded.name, settings = excluded.settings, is_active = true`,
    [organisationId, JSON.stringify(shops.map(({ code, name, ...settings }) => ({ code, name, settings })))],
  );
}
