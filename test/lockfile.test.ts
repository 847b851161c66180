import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Entry {
  readonly version?: string;
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Readonly<Record<string, Entry>>;
};

test('the lock names every part of every dependency, for every kind of computer: npm ci refuses one that does not', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }).filter((name) => !isLocked(path, name)),
  );
  assert.deepEqual(missing, []);
});

test('the lock names no host to fetch from', () => {
  const hosts = Object.values(lock.packages).filter((entry) => /^https?:/.test(entry.resolved ?? ''));
  assert.deepEqual(hosts, []);
});

/** Where npm would look: beside the dependent, or in any node_modules above it. */
function isLocked(path: string, name: string): boolean {
  const levels = path.split('/node_modules/');
  const places = levels.map((_, n) => `${levels.slice(0, n + 1).join('/node_modules/')}/node_modules/${name}`);
  return [...places, `node_modules/${name}`].some((place) => lock.packages[place] !== undefined);
}
