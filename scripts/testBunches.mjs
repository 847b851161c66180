import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** More would make one process's memory large, and let the other core wait for the last bunch. */
const FILES_IN_BUNCH_MAX = 12;
/** A process of their own: they start and kill processes and browsers, or measure the process they are in. */
const ALONE = [/^test\//, /browser/i, /kill/i, /process/i, /differential/i, /conformance/i, /load/i, /hostile/i];
/** After such a wait node:test no longer knows whose tests follow. */
const WAITS_AT_TOP_LEVEL = /^(?:(?:const|let) .*= )?await /m;

/**
 * Test files of one package run one after another in the same process, each as a suite of its own. Loading a party costs two seconds
 * of CPU, most of it the TypeScript loader's: with a process for each file that was a third of the whole run.
 *
 * @param {readonly string[]} files paths from the root
 * @param {{ root: string, folder: string }} where `folder` gets a file for each bunch
 * @returns {string[]} what `node --test` is to run, the long ones first
 */
export function testBunches(files, { root, folder }) {
  const isAlone = (file) =>
    ALONE.some((pattern) => pattern.test(file)) || WAITS_AT_TOP_LEVEL.test(readFileSync(join(root, file), 'utf8'));
  const bunches = bunchesOf(files.filter((file) => !isAlone(file)));
  return [
    ...files.filter(isAlone),
    ...bunches.map((bunch, index) => {
      const path = join(folder, `bunch-${String(index + 1).padStart(2, '0')}.mjs`);
      writeFileSync(path, bunchSource(bunch, root));
      return path;
    }),
  ];
}

function bunchesOf(files) {
  const packages = new Map();
  for (const file of files) {
    const name = file.split('/').slice(0, 2).join('/');
    packages.set(name, [...(packages.get(name) ?? []), file]);
  }
  return [...packages.values()].flatMap((ofPackage) => {
    const count = Math.ceil(ofPackage.length / FILES_IN_BUNCH_MAX);
    // Dealt out like cards: files of the same kind have neighbouring names, and the slow kinds are then spread.
    return Array.from({ length: count }, (_, bunch) => ofPackage.filter((_file, index) => index % count === bunch));
  });
}

/**
 * A file's own hooks and tests belong to its suite, so that one file's `after` does not wait for the others. node:test knows whose
 * they are by the asynchronous context; a dependency that waits while it loads (libxml2-wasm does) would let the tests of all files fall to
 * the file that asked for it first. So the package is loaded before. scripts/suiteGuard.mjs fails the run should it happen nevertheless.
 */
function bunchSource(files, root) {
  const urlOf = (path) => JSON.stringify(pathToFileURL(join(root, path)).href);
  const packageFolder = files[0].split('/').slice(0, 2).join('/');
  const suites = files.map(
    (file) => `describe(${JSON.stringify(file)}, async () => void (await import(${urlOf(file)})));`,
  );
  return [
    "import { describe } from 'node:test';",
    `await import(${urlOf(`${packageFolder}/src/index.ts`)});`,
    ...suites,
    '',
  ].join('\n');
}
