import type { Queryable } from '@brevduva/base';

export interface NewContactRow {
  id: string;
  organizationNumber: string;
  name: string;
  email: string;
  personalNumber: string | null;
  addedAt: Date;
}

/** The personal number itself is read by no page. */
export interface ContactRow {
  id: string;
  name: string;
  email: string;
  hasPersonalNumber: boolean;
}

export async function insertContact(db: Queryable, row: NewContactRow): Promise<void> {
  await db.query(
    `insert into contact_person (id, organization_number, name, email, personal_number, added_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [row.id, row.organizationNumber, row.name, row.email, row.personalNumber, row.addedAt.toISOString()],
  );
}

/** The name of the one who was removed; undefined when there was no such person. */
export async function deleteContact(
  db: Queryable,
  { id, organizationNumber }: { id: string; organizationNumber: string },
): Promise<string | undefined> {
  const { rows } = await db.query<{ name: string }>(
    'delete from contact_person where id = $1 and organization_number = $2 returning name',
    [id, organizationNumber],
  );
  return rows[0]?.name;
}

export async function selectContacts(db: Queryable, organizationNumber: string): Promise<ContactRow[]> {
  const { rows } = await db.query<ContactRow>(
    `select id, name, email, personal_number is not null as "hasPersonalNumber"
     from contact_person
     where organization_number = $1
     order by added_at, id`,
    [organizationNumber],
  );
  return rows;
}
