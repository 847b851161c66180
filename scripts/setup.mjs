// Run by npm before `npm start` and `npm test`: everything that is missing is installed. Plain JavaScript without
// dependencies, since nothing is installed yet when it runs, and old enough in its ways to say so on an old Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDebianPackages, ROOT, run, say, stop, succeeds } from './shell.mjs';

const NODE_MIN = [20, 19];
/** What only the tests need: a program, and the Debian package that has it. */
const TEST_PROGRAMS = {
  chromium: 'chromium',
  xmlsec1: 'xmlsec1',
  pdftotext: 'poppler-utils',
  qpdf: 'qpdf',
  dmtxread: 'dmtx-utils',
  ipptool: 'cups-ipp-utils',
  lp: 'cups-client',
  cupsd: 'cups-daemon',
  driverless: 'cups-filters-core-drivers',
  sftp: 'openssh-client',
  sshd: 'openssh-server',
};

requireNode();
installPackages();
if (process.argv.includes('--test')) {
  installTestPrograms();
  installJudge('zeep.mjs', 'Provet med zeep hoppas över.');
  installJudge('verapdf.mjs', 'Provet med veraPDF hoppas över.');
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = NODE_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  stop(`Brevduva behöver Node ${NODE_MIN.join('.')} eller senare; det här är ${process.versions.node}.`);
}

function installPackages() {
  if (isInstalled()) return;
  say('Installerar det som behövs (npm ci) …');
  if (succeeds('npm', ['ci', '--no-audit', '--no-fund'])) return;
  // Where the lock was written, a registry may have lacked the parts for other kinds of computers; npm ci refuses where they exist.
  say('npm ci gick inte. Försöker med npm install …');
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund'], 'npm install misslyckades. Se meddelandena ovan.');
}

/** By content and not by time: a checkout gives every file the time of the checkout. */
function isInstalled() {
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  const found = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  if (wanted === undefined) return stop('package-lock.json saknas: hämta om hela projektet.');
  if (found === undefined) return false;
  return Object.entries(wanted).every(([path, { version, link, optional }]) => {
    if (!path.startsWith('node_modules/')) return true;
    const present = found[path];
    // Optional ones belong to other kinds of computers, and may be absent.
    return present === undefined ? optional === true : link === true || present.version === version;
  });
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function installTestPrograms() {
  const missing = Object.keys(TEST_PROGRAMS).filter((program) => !hasProgram(program));
  if (missing.length === 0) return;
  const packages = missing.map((program) => TEST_PROGRAMS[program]);
  const isRoot = process.getuid?.() === 0;
  if (isRoot && hasProgram('apt-get')) {
    say(`Installerar testernas program: ${packages.join(', ')} …`);
    const failure = 'apt-get misslyckades. Se meddelandena ovan.';
    if (!installDebianPackages(packages)) stop(failure);
    return;
  }
  const advice = `Testerna behöver ${packages.join(', ')}. På Debian: sudo apt-get install ${packages.join(' ')}`;
  if (process.env['CI'] === 'true') stop(advice);
  say(`${advice}\nTester som behöver dem hoppas över.`);
}

/** An independent judge of our own work, fetched by a script that says itself what is missing; only in CI is that the end. */
function installJudge(script, advice) {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts', script)], { stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  if (process.env['CI'] === 'true') process.exit(1);
  say(advice);
}

function hasProgram(name) {
  const named = name === 'chromium' ? process.env['BREVDUVA_CHROMIUM'] : undefined;
  if (named !== undefined) return existsSync(named);
  // A server's program lies where only root's path leads.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, name)));
}
