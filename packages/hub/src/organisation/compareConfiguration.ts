import {
  type CredentialSettings,
  credentialCode,
  type OrganisationConfiguration,
  type SystemSettings,
} from './configuration.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One difference. `removed` means retired, or revoked for a credential: nothing that letters refer to is deleted. */
export interface ConfigurationChange {
  readonly kind: 'added' | 'changed' | 'removed';
  /** `organisation`, `units/bygglov`, `systems/byggarenden/credentials/apiKey-0123456789abcdef` … */
  readonly path: string;
  /** Which field changed, as `returnAddress.city`; undefined when all of it came or went. */
  readonly field: string | undefined;
  readonly before: Json;
  readonly after: Json;
}

/** Every difference between what is (undefined: no such organisation yet) and what is wanted, in the file's order. Pure. */
export function compareConfiguration(
  current: OrganisationConfiguration | undefined,
  wanted: OrganisationConfiguration,
): ConfigurationChange[] {
  const flat = { units: [], templates: [], printShops: [], flows: [], systems: [], ...current };
  return [
    ...compareOne('organisation', current?.organisation, wanted.organisation),
    ...compareLists('units', flat.units, wanted.units, codeOf),
    ...compareLists('templates', flat.templates, wanted.templates, codeOf),
    ...compareLists('printShops', flat.printShops, wanted.printShops, codeOf),
    ...compareLists('flows', flat.flows, wanted.flows, codeOf),
    ...compareLists('systems', flat.systems.map(withoutCredentials), wanted.systems.map(withoutCredentials), codeOf),
    ...wanted.systems.flatMap((system) => compareCredentials(system, flat.systems)),
  ];
}

const codeOf = ({ code }: { readonly code: string }): string => code;

function withoutCredentials({ credentials: _, ...system }: SystemSettings): Omit<SystemSettings, 'credentials'> {
  return system;
}

function compareCredentials(system: SystemSettings, current: readonly SystemSettings[]): ConfigurationChange[] {
  const { code, credentials } = system;
  if (credentials === undefined) return [];
  const known = current.find((one) => one.code === code)?.credentials ?? [];
  return compareLists<CredentialSettings>(`systems/${code}/credentials`, known, credentials, credentialCode);
}

function compareLists<T extends object>(
  list: string,
  current: readonly T[],
  wanted: readonly T[],
  keyOf: (item: T) => string,
): ConfigurationChange[] {
  const known = new Map(current.map((item) => [keyOf(item), item]));
  const kept = new Set(wanted.map(keyOf));
  return [
    ...wanted.flatMap((item) => compareOne(`${list}/${keyOf(item)}`, known.get(keyOf(item)), item)),
    ...current
      .filter((item) => !kept.has(keyOf(item)))
      .map((item) => whole('removed', `${list}/${keyOf(item)}`, toJson(item), null)),
  ];
}

function compareOne(path: string, current: object | undefined, wanted: object): ConfigurationChange[] {
  if (current === undefined) return [whole('added', path, null, toJson(wanted))];
  return compareFields(path, '', toJson(current), toJson(wanted));
}

function whole(kind: 'added' | 'removed', path: string, before: Json, after: Json): ConfigurationChange {
  return { kind, path, field: undefined, before, after };
}

/** Objects field by field, down to what is no object; lists are one value. */
function compareFields(path: string, field: string, before: Json, after: Json): ConfigurationChange[] {
  if (isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      compareFields(path, field === '' ? name : `${field}.${name}`, before[name] ?? null, after[name] ?? null),
    );
  }
  return isSame(before, after) ? [] : [{ kind: 'changed', path, field, before, after }];
}

function isSame(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, n) => isSame(item, b[n]));
  if (isRecord(a) && isRecord(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => isSame(a[name] ?? null, b[name] ?? null));
  }
  return a === b;
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without what is undefined, as it stands in the database. */
function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
