import { seedSession } from './consoleLetters.ts';
import type { IntakeHub } from './intakeHub.ts';

export type Person = Awaited<ReturnType<typeof seedSession>>;

export interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Someone of our own organisation, logged in. */
export function seedOwn(hub: Pick<IntakeHub, 'pool' | 'organisationId'>, ...roles: string[]): Promise<Person> {
  return seedSession(hub.pool, { id: hub.organisationId, name: 'Kommun A' }, roles);
}

/** Someone of the other organisation, logged in. */
export function seedStranger(
  hub: Pick<IntakeHub, 'pool' | 'otherOrganisationId'>,
  ...roles: string[]
): Promise<Person> {
  return seedSession(hub.pool, { id: hub.otherOrganisationId, name: 'Kommun B' }, roles);
}

/** A page as the browser of `person` gets it, redirects not followed; a form is posted when there are `fields`. */
export async function askPage(
  { hub }: Pick<IntakeHub, 'hub'>,
  path: string,
  person: Person | null,
  {
    fields,
    headers = {},
  }: { fields?: [string, string][] | Record<string, string>; headers?: Record<string, string> } = {},
): Promise<Page> {
  const response = await fetch(`${hub.webUrl}${path}`, {
    redirect: 'manual',
    headers: { accept: 'text/html', ...(person ? { cookie: person.cookie } : {}), ...headers },
    ...(fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}
