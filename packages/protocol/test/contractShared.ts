import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

const folder = resolve(process.env['BREVDUVA_SHARED'] ?? new URL('../../../../shared', import.meta.url).pathname);
const found = existsSync(`${folder}/contract/FACTS.md`);

/** A test against the official contract, which is read where it lies and never copied into this repository. */
export function sharedTest(name: string, body: () => void): void {
  if (!found && process.env['CI'] !== 'true') {
    process.stderr.write(`SHARED CONTRACT NOT FOUND: ${folder} (BREVDUVA_SHARED); skipped: ${name}\n`);
  }
  test(name, { skip: found || process.env['CI'] === 'true' ? false : 'SHARED CONTRACT NOT FOUND' }, body);
}

/** Whether the official contract lies there; told aloud if not. In CI it must. */
export function hasSharedContract(): boolean {
  if (found || process.env['CI'] === 'true') return true;
  process.stderr.write(`SHARED CONTRACT NOT FOUND: ${folder} (BREVDUVA_SHARED)\n`);
  return false;
}

export const readShared = (path: string): Buffer => readFileSync(`${folder}/${path}`);

/** The example envelopes, without the standalone documents that belong to signatures. */
export const exampleNames = (): string[] =>
  readdirSync(`${folder}/examples`).filter((name) => name.endsWith('.xml') && !name.includes('standalone'));

/** All official schema files, as paths below `contract/`. */
export const officialXsdPaths = (): string[] =>
  ['schema', 'externalschema'].flatMap((top) =>
    readdirSync(`${folder}/contract/${top}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.xsd'))
      .map((name) => `${top}/${name}`),
  );
