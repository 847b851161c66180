// Makes the virtual environment of the independent client (test/interop): Python's zeep, with pinned versions, in
// .cache/zeep. Run by scripts/setup.mjs --test, and by hand: `node scripts/zeep.mjs`. Plain JavaScript without
// dependencies, like setup.mjs. Everything to stderr.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installDebianPackages, ROOT, say, stop, succeeds } from './shell.mjs';

const FOLDER = join(ROOT, '.cache', 'zeep');
const REQUIREMENTS = join(ROOT, 'test', 'interop', 'requirements.txt');
const STAMP = join(FOLDER, 'installed');
const PYTHON_MIN = [3, 9];
/** Debian's own last: the first may be a pyenv, which is as good. */
const PYTHONS = ['python3', '/usr/bin/python3'];

const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
if (!isInstalled()) install();

function isInstalled() {
  return (
    existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted && works(join(FOLDER, 'bin', 'python'), 'import zeep')
  );
}

function install() {
  say('Installerar Pythons zeep i .cache/zeep …');
  rmSync(FOLDER, { recursive: true, force: true });
  makeEnvironment();
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '-r', REQUIREMENTS];
  if (!succeeds(join(FOLDER, 'bin', 'python'), pip)) stop('pip install misslyckades. Se meddelandena ovan.');
  writeFileSync(STAMP, wanted);
}

/** Debian keeps `venv` in a package of its own; as root it is fetched, else told. */
function makeEnvironment() {
  if (tryEnvironment()) return;
  const packages = ['python3', 'python3-venv'];
  const advice = `Provet med zeep behöver ${packages.join(' och ')} (minst ${PYTHON_MIN.join('.')}). På Debian: sudo apt-get install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !works('apt-get', undefined)) stop(advice);
  say(`Installerar ${packages.join(', ')} …`);
  if (!installDebianPackages(packages) || !tryEnvironment()) stop(advice);
}

function tryEnvironment() {
  const version = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${PYTHON_MIN.join(', ')}))`;
  return PYTHONS.some((python) => works(python, version) && succeeds(python, ['-m', 'venv', '--clear', FOLDER]));
}

/** Whether a Python runs the code, or a program is there at all. */
function works(program, code) {
  const { status, error } = spawnSync(program, code === undefined ? ['--version'] : ['-c', code], { stdio: 'ignore' });
  return error === undefined && status === 0;
}
