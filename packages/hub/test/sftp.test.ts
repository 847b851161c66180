import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createCredentialAdmin } from '../src/organisation/credentialAdmin.ts';
import { foldersOf, makeFolders } from '../src/waysIn/dropFolder/folders.ts';
import { createSftpFiles, removeAbandonedUploads, SftpRefusal } from '../src/waysIn/sftp/sftpFiles.ts';
import { sftpPlace } from '../src/waysIn/sftp/sftpPath.ts';
import { AT_ONCE, type DropFolderHub, LOGIN_NAME, startDropFolderHub, told, until } from './support/dropFolder.ts';
import { MUNICIPALITY, OTHER_MUNICIPALITY } from './support/hubDatabase.ts';
import { PDF } from './support/intakeHub.ts';

const LIMITS = { fileBytesMax: 80 * 1024 * 1024, inBytesMax: 50 * 1024 ** 3, inFilesMax: 250_000 };

const hasClient = ['/usr/bin/sftp', '/usr/local/bin/sftp'].some(existsSync);
if (!hasClient) {
  if (process.env['CI'] === 'true') throw new Error('sftp is missing: apt-get install openssh-client');
  process.stderr.write('SFTP CLIENT NOT FOUND: apt-get install openssh-client\n');
}

describe('SFTP with the client of OpenSSH', { skip: !hasClient, timeout: 240_000 }, () => {
  let hub: DropFolderHub;
  let dir: string;
  let password: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'brevduva-sftp-'));
    const { privateKey: hostKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      privateKeyEncoding: { type: 'sec1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    hub = await startDropFolderHub({ sftp: { host: '127.0.0.1', port: 0, hostKey, limits: LIMITS } });
    const admin = createCredentialAdmin(hub.pool);
    const of = { organizationNumber: MUNICIPALITY, systemCode: 'arendesystemet' };
    ({ secret: password } = await admin.makeSecret(of, { kind: 'password', by: 'test' }));
    await writeFile(join(dir, 'askpass'), '#!/bin/sh\nprintf %s "$SFTP_PASSWORD"\n');
    await chmod(join(dir, 'askpass'), 0o700);
    for (const key of ['known', 'stranger']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, key)]);
    }
    const [, blob = ''] = (await readFile(join(dir, 'known.pub'), 'utf8')).split(' ');
    await addSshKey(hub, Buffer.from(blob, 'base64'));
    await writeFile(join(dir, 'brev.pdf'), PDF);
  });
  after(async () => {
    await hub.close();
    await rm(dir, { recursive: true, force: true });
  });

  const start = (commands: readonly string[], login: { key?: string; password?: string; user?: string } = {}) => {
    const { key, user = LOGIN_NAME } = login;
    const methods = key === undefined ? 'password' : 'publickey';
    const options = {
      ...{ StrictHostKeyChecking: 'no', UserKnownHostsFile: '/dev/null', PreferredAuthentications: methods },
      ...{ IdentitiesOnly: 'yes', LogLevel: 'ERROR', NumberOfPasswordPrompts: '1' },
    };
    const words = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    const identity = key === undefined ? [] : ['-i', join(dir, key)];
    // `-b` before the others sets BatchMode, which asks for no password.
    const args = [
      ...words,
      '-o',
      'BatchMode=no',
      ...identity,
      '-P',
      String(hub.hub.sftpPort),
      '-b',
      '-',
      `${user}@127.0.0.1`,
    ];
    const env = {
      ...process.env,
      ...{ SSH_ASKPASS: join(dir, 'askpass'), SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' },
      SFTP_PASSWORD: login.password ?? password,
    };
    const child = spawn('sftp', args, { cwd: dir, env });
    child.stdin.end(`${commands.join('\n')}\n`);
    return child;
  };
  const sftp = (commands: readonly string[], login = {}) => ended(start(commands, login));

  test('a system puts its letters with a password, and gets the answer', async () => {
    await writeFile(join(dir, 'svar.csv'), 'mottagare;fil;referens\n191212121212;brev.pdf;SFTP-1\n');
    const put = await sftp([
      'put brev.pdf in/brev.pdf',
      'put -p svar.csv in/svar.csv.tmp',
      'rename in/svar.csv.tmp in/svar.csv',
    ]);
    assert.equal(put.code, 0, put.text);
    assert.deepEqual(told(await hub.answer('svar.csv')), ['2 accepted']);
    await until(async () => ((await readdir(hub.folders.done)).length > 0 ? true : undefined));
    const got = await sftp([
      'ls',
      'ls -l results',
      'cd results',
      'get svar.csv.result.csv',
      'rm svar.csv.result.csv',
      'ls ../done',
    ]);
    assert.equal(got.code, 0, got.text);
    for (const name of ['in', 'done', 'failed', 'results']) assert.match(got.text, new RegExp(`\\b${name}\\b`));
    assert.doesNotMatch(got.text, /working/);
    assert.match(got.text, /done\/svar\.csv/);
    assert.match(await readFile(join(dir, 'svar.csv.result.csv'), 'utf8'), /;SFTP-1;mottaget;/);
    assert.deepEqual(await readdir(hub.folders.results), ['svar.csv.result.json']);
  });

  test('or with a key', async () => {
    const listed = await sftp(['pwd', 'ls in'], { key: 'known' });
    assert.equal(listed.code, 0, listed.text);
    assert.match(listed.text, /Remote working directory: \//);
  });

  test('a stranger, a wrong password and another name are not let in', async () => {
    for (const login of [
      { key: 'stranger' },
      { password: 'bdp_wrong' },
      { user: `${OTHER_MUNICIPALITY}-arendesystemet` },
      { user: `${OTHER_MUNICIPALITY}-arendesystemet`, key: 'known' },
      { user: '../../root' },
    ]) {
      const { code, text } = await sftp(['ls'], login);
      assert.notEqual(code, 0);
      assert.match(text, /Permission denied/, JSON.stringify(login));
    }
    assert.match(hub.log(), /"reason":"wrongLoginName"/);
  });

  test('nobody gets out of the folders, and nothing is written over', async () => {
    await symlink('/etc/passwd', join(hub.folders.in, '.x'));
    await symlink('/etc/passwd', join(hub.folders.results, 'länk'));
    await writeFile(join(hub.root, 'utanför'), 'hemligt');
    const refused = [
      'get /etc/passwd x',
      'get ../../../../../../etc/passwd x',
      'get results/länk x',
      'get in/.x x',
      'ls ../working',
      'get ../utanför x',
      'put brev.pdf /etc/brev.pdf',
      'put brev.pdf results/brev.pdf',
      'put brev.pdf in/a/b.pdf',
      'put brev.pdf done/brev.pdf',
      'rename results/svar.csv.result.json in/y',
      'rm done/x',
      'mkdir in/mapp',
      'rmdir done',
      'ln -s /etc/passwd in/z',
    ];
    for (const command of refused) {
      const { code } = await sftp([command]);
      assert.notEqual(code, 0, command);
    }
    assert.deepEqual(await readdir(hub.folders.in), ['.x']);
    assert.ok(!existsSync(join(dir, 'x')));
    await rm(join(hub.folders.results, 'länk'));
    const twice = ['put brev.pdf in/a.part', 'put brev.pdf in/b.part', 'rename in/a.part in/b.part'];
    assert.notEqual((await sftp(twice)).code, 0);
    await rm(join(hub.folders.in, 'a.part'));
    await rm(join(hub.folders.in, 'b.part'));
  });

  test('no shell, no command, no forwarding', async () => {
    const options = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
    const login = [
      '-i',
      join(dir, 'known'),
      '-o',
      'IdentitiesOnly=yes',
      '-p',
      String(hub.hub.sftpPort),
      `${LOGIN_NAME}@127.0.0.1`,
    ];
    assert.notEqual((await ended(spawn('ssh', [...options, ...login, 'id']))).code, 0);
    const forward = spawn('ssh', [...options, '-W', '127.0.0.1:22', ...login]);
    const { code, text } = await ended(forward);
    assert.notEqual(code, 0);
    assert.match(text, /prohibited|refused|failed/i);
  });

  test('an upload whose client dies is not seen, and leaves nothing behind', async () => {
    await writeFile(join(dir, 'stor.zip'), Buffer.alloc(64 * 1024 * 1024));
    const dying = start(['put stor.zip in/stor.zip'], { key: 'known' });
    const exited = ended(dying);
    await until(async () =>
      (await readdir(hub.folders.in)).some((name) => name.endsWith('.part')) ? true : undefined,
    );
    dying.kill('SIGKILL');
    await exited;
    await until(async () =>
      (await readdir(hub.folders.in)).some((name) => name.endsWith('.part')) ? undefined : true,
    );
    assert.deepEqual(
      (await readdir(hub.folders.in)).filter((name) => name.startsWith('stor')),
      [],
    );
  });

  test('two gigabytes are refused at the limit, not read whole, and nothing of them is ever seen', async () => {
    await writeFile(join(dir, 'enorm.zip'), '');
    await truncate(join(dir, 'enorm.zip'), 2 * 1024 ** 3);
    const seen = new Set<string>();
    const before = await readdir(hub.folders.in);
    const left = async () => (await readdir(hub.folders.in)).filter((name) => !before.includes(name));
    const upload = start(['put enorm.zip in/enorm.zip'], { key: 'known' });
    const refused = ended(upload);
    const look = async () => {
      for (const name of await left()) {
        const { size } = await lstat(join(hub.folders.in, name)).catch(() => ({ size: 0 }));
        assert.ok(size <= LIMITS.fileBytesMax, `${name} has ${size} bytes`);
        seen.add(name.endsWith('.part') ? '.part' : name);
      }
      return upload.exitCode ?? undefined;
    };
    await until(look);
    const { code, text } = await refused;
    assert.notEqual(code, 0);
    assert.match(text, /Failure|Filen är större/);
    assert.deepEqual([...seen], ['.part']);
    // The client closes what it could not write: a file cut off at the limit must not be taken for a whole one.
    await until(async () => ((await left()).length === 0 ? true : undefined));
    await rm(join(dir, 'enorm.zip'));
  });

  test('examples/utskick-faktura/skicka.sh hands in and fetches the answer, twice', async () => {
    const columns = { recipient: 'Kundnummer', file: 'Fil', reference: 'Fakturanummer' };
    await hub.use({ ...AT_ONCE, bankgiro: '991-2346', columns });
    const env = {
      ...process.env,
      ...{ SFTP_NYCKEL: join(dir, 'known'), SFTP_ANVANDARE: LOGIN_NAME, SFTP_VARD: '127.0.0.1' },
      SFTP_PORT: String(hub.hub.sftpPort),
      SFTP_FLAGGOR:
        '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes -o LogLevel=ERROR',
    };
    const script = fileURLToPath(new URL('../../../examples/utskick-faktura/skicka.sh', import.meta.url));
    for (const outcome of ['mottaget', 'redan mottaget']) {
      const { code, text } = await ended(spawn('sh', [script], { env }));
      assert.equal(code, 0, text);
      for (const number of ['70012', '70020', '70038']) assert.match(text, new RegExp(`;${number};${outcome};`));
    }
  });

  test('a key that is revoked lets nobody in any more', async () => {
    await hub.pool.query("update credential set revoked_at = now() where kind = 'sshKey'");
    assert.match((await sftp(['ls'], { key: 'known' })).text, /Permission denied/);
  });
});

async function addSshKey(hub: DropFolderHub, blob: Buffer): Promise<void> {
  await hub.pool.query(
    `insert into credential (organisation_id, id, business_system_id, kind, hash, label)
     select organisation_id, gen_random_uuid(), id, 'sshKey', $1, 'test' from business_system where code = 'arendesystemet' and organisation_id = $2`,
    [createHash('sha256').update(blob).digest(), hub.organisationId],
  );
}

async function ended(child: ChildProcess): Promise<{ code: number | null; text: string }> {
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, text: Buffer.concat(chunks).toString() };
}

test('a path of the client never leads above the top', () => {
  const folders = foldersOf('/r', 's');
  const realOf = (path: string) => {
    const place = sftpPlace(path, folders);
    return place === undefined ? 'nowhere' : 'real' in place ? place.real : place.kind;
  };
  for (const [path, real] of [
    ['', 'top'],
    ['/..', 'top'],
    ['in/../..', 'top'],
    ['in', '/r/s/in'],
    ['in/a.pdf', '/r/s/in/a.pdf'],
    ['/in/../results/./a', '/r/s/results/a'],
    ['in/../../../etc/passwd', 'nowhere'],
    ['working', 'nowhere'],
    ['in/a/b', 'nowhere'],
    ['in/.a', 'nowhere'],
    ['in/a\0b', 'nowhere'],
    ['in\\..\\x', 'nowhere'],
    ['done/d/f', '/r/s/done/d/f'],
    ['done/d/e/f', 'nowhere'],
    [`in/${'å'.repeat(101)}`, 'nowhere'],
  ]) {
    assert.equal(realOf(path ?? ''), real, path);
  }
});

test('a file and a folder have their limits', async () => {
  const root = await mkdtemp(join(tmpdir(), 'brevduva-sftp-'));
  try {
    const folders = foldersOf(root, 's');
    await makeFolders(folders);
    await mkdir(join(folders.done, 'd'));
    const files = createSftpFiles(folders, { fileBytesMax: 1_000, inBytesMax: 1_500, inFilesMax: 3 });
    const isRefused = (code: string) => (error: unknown) => error instanceof SftpRefusal && error.code === code;
    const one = await files.upload('in/1');
    await one.write(0, Buffer.alloc(1_000));
    await one.finish();
    for (const beyond of [1_000, 2 ** 31]) {
      const over = await files.upload('in/över');
      await assert.rejects(over.write(beyond, Buffer.alloc(1)), isRefused('FAILURE'));
      await assert.rejects(over.finish(), isRefused('FAILURE'));
    }
    const two = await files.upload('in/2');
    await assert.rejects(two.write(0, Buffer.alloc(501)), isRefused('FAILURE'));
    await assert.rejects(two.finish(), isRefused('FAILURE'), 'what was refused a part is never whole');
    await two.abandon();
    assert.deepEqual(
      (await files.list('in')).map(({ name, bytes }) => [name, bytes]),
      [['1', 1_000]],
    );
    for (const name of ['in/2', 'in/3']) await (await files.upload(name)).finish();
    await assert.rejects(files.upload('in/4'), isRefused('FAILURE'));
    await assert.rejects(files.download('done/d'), isRefused('FAILURE'));
    const part = `.${randomUUID()}.part`;
    await writeFile(join(folders.in, part), '');
    await removeAbandonedUploads(folders, Date.now());
    assert.ok(existsSync(join(folders.in, part)), 'it may be under way');
    await removeAbandonedUploads(folders, Date.now() + 25 * 3_600_000);
    assert.deepEqual((await readdir(folders.in)).sort(), ['1', '2', '3']);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
