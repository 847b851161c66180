import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importsOf } from './support/imports.ts';

/** Style 35: each dependency has its line; none is declared in vain, none is used undeclared. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'DEPENDENCIES.md'), 'utf8');

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const packages = readdirSync(join(ROOT, 'packages')).map((name) => ({
  name,
  manifest: readManifest(join('packages', name)),
}));

function readManifest(dir: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, dir, 'package.json'), 'utf8')) as Manifest;
}

function sourcesOf(name: string, folder: 'src' | 'test'): string {
  const dir = join(ROOT, 'packages', name, folder);
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|mjs)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'))
    .join('\n');
}

const foreign = (names: Readonly<Record<string, string>> | undefined) =>
  Object.keys(names ?? {}).filter((name) => !name.startsWith('@brevduva/'));

test('every dependency has its line in DEPENDENCIES.md', () => {
  const all = [readManifest('.'), ...packages.map((each) => each.manifest)];
  const names = new Set(all.flatMap((each) => [...foreign(each.dependencies), ...foreign(each.devDependencies)]));
  const missing = [...names].filter((name) => !name.startsWith('@types/') && !PAGE.includes(name));
  assert.deepEqual(missing, []);
});

test('versions are pinned exactly', () => {
  for (const { name, manifest } of packages) {
    for (const [dependency, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${name}: ${dependency}`);
    }
  }
});

for (const { name, manifest } of packages) {
  test(`${name}: every dependency is used, and everything imported is declared`, () => {
    const sources = sourcesOf(name, 'src');
    assert.deepEqual(
      foreign(manifest.dependencies).filter((each) => !sources.includes(each)),
      [],
      'declared in vain',
    );
    const declared = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})];
    const undeclared = packagesOf(sources).filter((each) => !declared.includes(each));
    assert.deepEqual(undeclared, [], 'imported but not declared');
  });
}

/** Package names of all imports: `@scope/name` or `name`, without subpaths. */
function packagesOf(sources: string): string[] {
  const names = importsOf(sources).map((target) => /^(?:@[\w.-]+\/)?[\w.-]+/.exec(target)?.[0] ?? '');
  return [...new Set(names)].filter((name) => name !== '' && !name.startsWith('.') && !name.startsWith('node'));
}
