// Fetches the independent judge of PDF/A and PDF/UA, veraPDF, to .cache/verapdf: one archive, pinned by version and hash. Run by
// scripts/setup.mjs --test, and by hand: `node scripts/verapdf.mjs`. Maven fetches it, from wherever Maven is set up to fetch (its
// settings name a mirror where there is one). Plain JavaScript without dependencies, like setup.mjs. Everything to stderr.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installDebianPackages, ROOT, say, stop, succeeds } from './shell.mjs';

const FOLDER = join(ROOT, '.cache', 'verapdf');
const VERSION = '1.28.2';
const ARCHIVE = join(FOLDER, `greenfield-apps-${VERSION}.jar`);
const SHA256 = '687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6';
const FETCH = 'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy';
/** Each program, and the Debian package that has it. */
const PACKAGES = { java: 'default-jre-headless', mvn: 'maven' };

if (!isFetched()) fetchArchive();

function isFetched() {
  if (!hasProgram('java') || !existsSync(ARCHIVE)) return false;
  return createHash('sha256').update(readFileSync(ARCHIVE)).digest('hex') === SHA256;
}

function fetchArchive() {
  installPrograms();
  say('Hämtar veraPDF till .cache/verapdf …');
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const words = [`-Dartifact=org.verapdf.apps:greenfield-apps:${VERSION}`, `-DoutputDirectory=${FOLDER}`];
  if (!succeeds('mvn', ['-q', '-B', FETCH, ...words])) stop('Maven kunde inte hämta veraPDF. Se meddelandena ovan.');
  if (!isFetched()) stop('Det som hämtades som veraPDF är inte den version som är fastställd.');
}

function installPrograms() {
  const missing = Object.keys(PACKAGES).filter((program) => !hasProgram(program));
  if (missing.length === 0) return;
  const packages = missing.map((program) => PACKAGES[program]);
  const advice = `Provet med veraPDF behöver ${packages.join(' och ')}. På Debian: sudo apt-get install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !hasProgram('apt-get')) stop(advice);
  say(`Installerar ${packages.join(', ')} …`);
  if (!installDebianPackages(packages)) stop(advice);
}

function hasProgram(name) {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}
