import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importsOf } from './support/imports.ts';

/**
 * The walls between packages (design 2) and inside them (style 14). The rules are checked against every import and every line of
 * the sources; the last tests prove that each rule can fail.
 */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  base: [],
  ui: ['base'],
  hub: ['protocol', 'base', 'ui'],
  far: ['protocol', 'base', 'ui'],
  mailbox: ['protocol', 'base', 'ui'],
  sdk: [],
  cli: ['protocol', 'base', 'ui', 'hub', 'far', 'mailbox', 'sdk'],
};

interface Source {
  readonly package: string;
  /** Inside the package, for instance `src/sql/claim.ts`. */
  readonly path: string;
  readonly text: string;
}

function* walk(dir: string): Generator<string> {
  for (const name of readdirSync(dir).sort()) {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) yield* walk(path);
    else if (path.endsWith('.ts')) yield path;
  }
}

function readSources(): Source[] {
  return Object.keys(MAY_IMPORT).flatMap((name) => {
    const dir = join(ROOT, 'packages', name);
    return [...walk(join(dir, 'src'))].map((path) => ({
      package: name,
      path: relative(dir, path),
      text: readFileSync(path, 'utf8'),
    }));
  });
}

/** Every breach of the walls, in words. */
function breaches(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => [...packageBreaches(source), ...layerBreaches(source)]);
}

function packageBreaches(source: Source): string[] {
  const at = `${source.package}/${source.path}`;
  return importsOf(source.text).flatMap((target) => {
    const ours = /^@brevduva\/([a-z]+)(\/.*)?$/.exec(target);
    if (ours) return packageBreach(source, at, ours[1] ?? '', ours[2]);
    const escapes = target.startsWith('..') && relative('src', join(dirname(source.path), target)).startsWith('..');
    return escapes ? [`${at} reaches out of its package: ${target}`] : [];
  });
}

function packageBreach(source: Source, at: string, target: string, subpath: string | undefined): string[] {
  if (!MAY_IMPORT[source.package]?.includes(target)) return [`${at} may not import ${target}`];
  const isTesting = subpath === '/testing';
  if (subpath !== undefined && !(isTesting && source.package === 'cli'))
    return [`${at} imports the inside of ${target}: ${subpath}`];
  return [];
}

const SQL_STATEMENT =
  /[`'"]\s*(?:select\s+[\w"'*(]|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()/;
const HTTP_MODULES = ['node:http', 'node:https', 'fastify', '@fastify/multipart', '@fastify/swagger'];

function layerBreaches(source: Source): string[] {
  const at = `${source.package}/${source.path}`;
  const found: string[] = [];
  const isSql = /^src\/(?:.*\/)?sql\//.test(source.path) || /^src\/testing\//.test(source.path);
  if (!isSql && SQL_STATEMENT.test(source.text)) found.push(`${at} holds SQL outside sql/`);
  const isParty = ['hub', 'far', 'mailbox'].includes(source.package);
  const isHttp = /(?:^|\/)http\/|http\.ts$/.test(source.path);
  if (isParty && !isHttp) {
    const http = importsOf(source.text).filter((target) => HTTP_MODULES.includes(target));
    if (http.length > 0 && !isTypeOnly(source, http)) found.push(`${at} knows HTTP: ${http.join(', ')}`);
  }
  const isProtocol = source.package === 'protocol';
  if (!isProtocol && importsOf(source.text).includes('libxml2-wasm')) found.push(`${at} knows XML`);
  if (!isProtocol && /schemas\.xmlsoap\.org|<soap(?:env)?:|<env:/i.test(source.text)) found.push(`${at} knows SOAP`);
  return found;
}

/** A start function may name the type of the server that it hands back. */
function isTypeOnly(source: Source, modules: readonly string[]): boolean {
  return modules.every((name) => new RegExp(`import type [^;]*from '${name}'`).test(source.text));
}

test('packages import only what design 2 allows, and SQL, HTTP, SOAP and XML stay where they belong', () => {
  const sources = readSources();
  assert.ok(sources.length > 100, `only ${sources.length} sources found: the test looks in the wrong place`);
  assert.deepEqual(breaches(sources), []);
});

test('the declared dependencies of each package say the same', () => {
  for (const [name, allowed] of Object.entries(MAY_IMPORT)) {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    const ours = Object.keys(manifest.dependencies ?? {}).filter((each) => each.startsWith('@brevduva/'));
    assert.deepEqual(ours.map((each) => each.slice('@brevduva/'.length)).sort(), [...allowed].sort(), name);
  }
});

for (const [what, source, expected] of [
  [
    'a party that imports another',
    { package: 'hub', path: 'src/a.ts', text: "import { x } from '@brevduva/far';\n" },
    /hub\/src\/a\.ts may not import far/,
  ],
  [
    'protocol that imports ours',
    { package: 'protocol', path: 'src/a.ts', text: "export * from '@brevduva/base';\n" },
    /may not import base/,
  ],
  [
    'a dynamic import',
    { package: 'sdk', path: 'src/a.ts', text: "await import('@brevduva/base');\n" },
    /sdk\/src\/a\.ts may not import base/,
  ],
  [
    'a path out of the package',
    { package: 'far', path: 'src/a.ts', text: "import { x } from '../../hub/src/a.ts';\n" },
    /reaches out/,
  ],
  [
    'the inside of another package',
    { package: 'hub', path: 'src/a.ts', text: "import '@brevduva/base/testing';\n" },
    /imports the inside/,
  ],
  ['SQL outside sql/', { package: 'hub', path: 'src/a.ts', text: 'db.query(`select * from letter`)' }, /holds SQL/],
  [
    'HTTP in a stage',
    { package: 'hub', path: 'src/stages/a.ts', text: "import { fastify } from 'fastify';\n" },
    /knows HTTP/,
  ],
  [
    'an envelope in hub',
    { package: 'hub', path: 'src/a.ts', text: "'http://schemas.xmlsoap.org/soap/envelope/'" },
    /knows SOAP/,
  ],
  [
    'an XML parser in mailbox',
    { package: 'mailbox', path: 'src/a.ts', text: "import { x } from 'libxml2-wasm';\n" },
    /knows XML/,
  ],
] as const) {
  test(`the wall stops ${what}`, () => {
    assert.match(breaches([source]).join('\n'), expected);
  });
}
