import { appError, type Fault } from './appError.ts';
import { BASE_ERRORS } from './errors.ts';

interface SettingBase {
  /** Name of the environment variable. */
  env: string;
  doc: string;
  /** Unit of the number, for the description: `ms`, `bytes`, … */
  unit?: string;
  /** A secret is never printed. */
  secret?: boolean;
  /** May be left out; the value is then `undefined`. Without it and without `default` the setting must be given. */
  optional?: boolean;
}

export type Setting =
  | (SettingBase & { type: 'string'; default?: string })
  | (SettingBase & { type: 'integer'; default?: number; min?: number; max?: number })
  | (SettingBase & { type: 'boolean'; default?: boolean })
  | (SettingBase & { type: 'url'; default?: string })
  | (SettingBase & { type: 'enum'; values: readonly string[]; default?: string });

export type SettingDefinitions = Record<string, Setting>;

type ValueOf<S extends Setting> = S extends { type: 'integer' }
  ? number
  : S extends { type: 'boolean' }
    ? boolean
    : S extends { type: 'url' }
      ? URL
      : S extends { type: 'enum'; values: readonly (infer V)[] }
        ? V
        : string;

/** The typed values that `readSettings` gives for a definition. */
export type Settings<D extends SettingDefinitions> = {
  [K in keyof D]: D[K] extends { optional: true } ? ValueOf<D[K]> | undefined : ValueOf<D[K]>;
};

export interface SettingDescription {
  name: string;
  env: string;
  value: string;
  unit: string | undefined;
  doc: string;
}

/** Declares the settings of a program: each exactly once. */
export function defineSettings<const D extends SettingDefinitions>(definitions: D): D {
  return definitions;
}

/** Variables that tools and tests read; a program's settings need not know them. */
const KNOWN_ELSEWHERE = ['BREVDUVA_SHARED', 'BREVDUVA_TEST_PG', 'BREVDUVA_URL'];

/**
 * Reads all settings at start. Throws BASE_SETTINGS_INVALID with every fault at once: missing, wrong type, out of
 * range, and unknown variables that begin with `BREVDUVA_` (a misspelt name would otherwise mean the default, in
 * silence). `alsoKnown` names variables that other parts of the same program read.
 */
export function readSettings<const D extends SettingDefinitions>(
  definitions: D,
  env: Readonly<Record<string, string | undefined>>,
  alsoKnown: readonly string[] = [],
): Settings<D> {
  const faults: Fault[] = unknownVariables(definitions, env, [...KNOWN_ELSEWHERE, ...alsoKnown]);
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(definitions)) {
    const read = readOne(setting, env[setting.env]);
    if ('fault' in read) faults.push({ code: read.code, path: setting.env, text: `${setting.env} ${read.fault}` });
    else values[name] = read.value;
  }
  if (faults.length > 0) {
    throw appError(BASE_ERRORS, 'BASE_SETTINGS_INVALID', {
      faults,
      detail: faults.map((each) => each.text).join('; '),
    });
  }
  return values as Settings<D>;
}

/** The settings in force, in the order they were declared, secrets masked; for printing at start. */
export function describeSettings<const D extends SettingDefinitions>(
  definitions: D,
  settings: Settings<D>,
): SettingDescription[] {
  return Object.entries(definitions).map(([name, setting]) => {
    const value = settings[name];
    const masked = setting.secret && value !== undefined ? '********' : maskUrlPassword(value);
    return { name, env: setting.env, value: masked, unit: setting.unit, doc: setting.doc };
  });
}

type Read = { value: unknown } | { code: string; fault: string };

function readOne(setting: Setting, text: string | undefined): Read {
  if (text !== undefined && text !== '') return parse(setting, text);
  if (setting.default !== undefined)
    return setting.type === 'url' ? parse(setting, setting.default) : { value: setting.default };
  if (setting.optional) return { value: undefined };
  return { code: 'BASE_SETTING_MISSING', fault: `saknas (${setting.doc})` };
}

function parse(setting: Setting, text: string): Read {
  switch (setting.type) {
    case 'string':
      return { value: text };
    case 'integer':
      return parseInteger(setting, text);
    case 'boolean':
      if (text === 'true' || text === '1') return { value: true };
      if (text === 'false' || text === '0') return { value: false };
      return invalid('ska vara true eller false');
    case 'url':
      return URL.canParse(text) ? { value: new URL(text) } : invalid('ska vara en fullständig adress (URL)');
    case 'enum':
      return setting.values.includes(text)
        ? { value: text }
        : invalid(`ska vara något av ${setting.values.join(', ')}`);
  }
}

function parseInteger(setting: Extract<Setting, { type: 'integer' }>, text: string): Read {
  const unit = setting.unit === undefined ? '' : ` ${setting.unit}`;
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) return invalid(`ska vara ett heltal${unit}`);
  if (setting.min !== undefined && value < setting.min) return invalid(`ska vara minst ${setting.min}${unit}`);
  if (setting.max !== undefined && value > setting.max) return invalid(`ska vara högst ${setting.max}${unit}`);
  return { value };
}

function invalid(fault: string): Read {
  return { code: 'BASE_SETTING_INVALID', fault };
}

function unknownVariables(
  definitions: SettingDefinitions,
  env: Readonly<Record<string, string | undefined>>,
  alsoKnown: readonly string[],
): Fault[] {
  const known = new Set([...alsoKnown, ...Object.values(definitions).map((setting) => setting.env)]);
  return Object.keys(env)
    .filter((name) => name.startsWith('BREVDUVA_') && !known.has(name))
    .map((name) => ({ code: 'BASE_SETTING_UNKNOWN', path: name, text: `${name} är ingen känd inställning` }));
}

/** A connection string is often declared without `secret` and still carries a password. */
function maskUrlPassword(value: unknown): string {
  if (value === undefined) return '';
  const text = String(value);
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === '') return text;
  url.password = '********';
  return url.href;
}
