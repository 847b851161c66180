import type { Queryable } from '@brevduva/base';

export interface PersonRow {
  id: string;
  name: string;
  /** yyyy-mm-dd */
  deceasedOn: string | null;
  protectedIdentity: boolean;
}

export async function selectPerson(db: Queryable, id: string): Promise<PersonRow | undefined> {
  const { rows } = await db.query<PersonRow>(
    `select person_id::text as id, name, deceased_on::text as "deceasedOn", protected_identity as "protectedIdentity"
     from population_person
     where person_id = $1`,
    [id],
  );
  return rows[0];
}

export async function upsertPersons(db: Queryable, rows: readonly PersonRow[]): Promise<void> {
  await db.query(
    `insert into population_person (person_id, name, deceased_on, protected_identity)
     select distinct on (person_id) person_id, name, deceased_on, protected_identity
     from unnest($1::bigint[], $2::text[], $3::date[], $4::boolean[]) with ordinality
       as given (person_id, name, deceased_on, protected_identity, position)
     order by person_id, position desc
     on conflict (person_id) do update set
       name = excluded.name,
       deceased_on = excluded.deceased_on,
       protected_identity = excluded.protected_identity`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.name),
      rows.map((row) => row.deceasedOn),
      rows.map((row) => row.protectedIdentity),
    ],
  );
}
