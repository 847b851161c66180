import type { Pool } from 'pg';

/**
 * The current schema as text that is the same on every run and every PostgreSQL from 15 to 18: tables with columns,
 * constraints, indexes, triggers; views, sequences, types, functions. Kept as schema.sql; a difference fails the build.
 */
export async function describeSchema(pool: Pool): Promise<string> {
  const parts: string[] = [];
  for (const query of [TABLES, VIEWS, SEQUENCES, TYPES, FUNCTIONS]) {
    const { rows } = await pool.query<{ text: string }>(query);
    parts.push(...rows.map((row) => row.text.trimEnd()));
  }
  const { rows } = await pool.query<{ name: string }>('select current_schema() as name');
  const prefix = new RegExp(`(?<![\\w.])"?${rows[0]?.name ?? ''}"?\\.`, 'g');
  return `${parts.join('\n\n').replace(prefix, '')}\n`;
}

const IN_SCHEMA = 'current_schema()::regnamespace';

// PostgreSQL 18 lists "not null" as constraints too (contype n); the columns already say it.
const TABLES = `
  select format(E'table %s%s\\n%s', c.relname,
    case when c.relkind = 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end,
    concat_ws(E'\\n',
      (select string_agg(format('  %s %s%s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          case when a.attnotnull then ' not null' else '' end,
          case when a.attidentity <> '' then ' identity ' || a.attidentity::text else '' end,
          case when a.attgenerated <> '' then ' generated ' || a.attgenerated::text else '' end,
          coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), E'\\n' order by a.attnum)
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
      (select string_agg(format('  constraint %s %s', k.conname, pg_get_constraintdef(k.oid)), E'\\n' order by k.conname)
        from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'),
      (select string_agg('  ' || pg_get_indexdef(i.indexrelid),
          E'\\n' order by pg_get_indexdef(i.indexrelid))
        from pg_index i where i.indrelid = c.oid
          and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))),
      (select string_agg('  ' || pg_get_triggerdef(t.oid), E'\\n' order by t.tgname)
        from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal))) as text
  from pg_class c where c.relnamespace = ${IN_SCHEMA} and c.relkind in ('r', 'p') order by c.relname`;

const VIEWS = `
  select format(E'%s %s as\\n%s', case when c.relkind = 'm' then 'materialized view' else 'view' end,
    c.relname, pg_get_viewdef(c.oid)) as text
  from pg_class c where c.relnamespace = ${IN_SCHEMA} and c.relkind in ('v', 'm') order by c.relname`;

const SEQUENCES = `
  select format('sequence %s as %s start %s increment %s', c.relname, format_type(s.seqtypid, null), s.seqstart,
    s.seqincrement) as text
  from pg_class c join pg_sequence s on s.seqrelid = c.oid
  where c.relnamespace = ${IN_SCHEMA} order by c.relname`;

const TYPES = `
  select case t.typtype
      when 'e' then format('enum %s (%s)', t.typname,
        (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
      else format('domain %s as %s%s', t.typname, format_type(t.typbasetype, t.typtypmod),
        (select string_agg(' ' || pg_get_constraintdef(k.oid), '' order by k.conname)
          from pg_constraint k where k.contypid = t.oid and k.contype <> 'n')) end as text
  from pg_type t where t.typnamespace = ${IN_SCHEMA} and t.typtype in ('e', 'd') order by t.typname`;

const FUNCTIONS = `
  select pg_get_functiondef(p.oid) as text
  from pg_proc p where p.pronamespace = ${IN_SCHEMA} and p.prokind in ('f', 'p')
  order by p.proname, pg_get_function_identity_arguments(p.oid)`;
