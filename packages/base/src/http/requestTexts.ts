import type { FastifyRequest } from 'fastify';

const QUERY_CHARACTERS_MAX = 255;
const FIELD_CHARACTERS_MAX = 1_000;

/** A parameter of the address: one text without control characters (the database takes no NUL), not too long; or nothing. */
export function queryText(request: Pick<FastifyRequest, 'query'>, name: string): string | undefined {
  const value = (request.query as Readonly<Record<string, unknown>>)[name];
  if (typeof value !== 'string') return undefined;
  const text = value.replace(/\p{Cc}/gu, '').trim();
  return text === '' ? undefined : text.slice(0, QUERY_CHARACTERS_MAX);
}

/** The texts of a form, by field, each cut at `charactersMax`; a field sent twice counts once. */
export function formTexts(
  body: unknown,
  names: readonly string[],
  charactersMax: number = FIELD_CHARACTERS_MAX,
): Record<string, string> {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = [fields[name]].flat()[0];
      return typeof value === 'string' ? [[name, value.slice(0, charactersMax)]] : [];
    }),
  );
}
