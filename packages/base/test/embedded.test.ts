import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { AppError, createPool, inTransaction, startEmbeddedPostgres } from '../src/index.ts';

const OWNER = new URL('./embeddedOwner.ts', import.meta.url).pathname;

function refusedWith(code: string) {
  return (err: unknown) => {
    assert.ok(err instanceof AppError, String(err));
    assert.equal(err.code, code);
    return true;
  };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const pool = createPool({ connectionString: url, applicationName: 'embedded test' });
  try {
    return (await pool.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await pool.end();
  }
}

/** A process of its own that starts the server, so that it can be killed. */
async function startOwner(dataDir: string): Promise<{ process: ChildProcess; adminUrl: string; pid: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', OWNER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { process: child, ...(JSON.parse(String(line)) as { adminUrl: string; pid: number }) };
}

function freshDir(): string {
  return mkdtempSync(join(tmpdir(), 'brevduva-embedded-'));
}

describe('an embedded server', () => {
  let dataDir: string;
  before(() => {
    dataDir = freshDir();
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  it('is made, listens on the loopback only, keeps its password to itself, and continues where it was', async () => {
    const first = await startEmbeddedPostgres({ dataDir, port: 0, fsync: false });
    await query(first.adminUrl, 'create table kept as select 7 as n');
    const settings = await query(
      first.adminUrl,
      `select current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding`,
    );
    assert.deepEqual(settings, [{ addresses: '127.0.0.1', encoding: 'UTF8' }]);
    assert.equal(statSync(join(dataDir, 'password')).mode & 0o777, 0o600);
    await first.stop();
    await first.stop();
    await assert.rejects(query(first.adminUrl, 'select 1'), { code: 'ECONNREFUSED' });

    const second = await startEmbeddedPostgres({ dataDir, port: 0 });
    assert.deepEqual(await query(second.adminUrl, 'select n from kept'), [{ n: 7 }]);
    assert.deepEqual(await query(second.adminUrl, `select current_setting('fsync') as fsync`), [{ fsync: 'on' }]);
    await second.stop();
  });

  it('outlives its owner killed with -9, is found by the next start, and has lost nothing', async () => {
    const owner = await startOwner(dataDir);
    await query(owner.adminUrl, 'create table survivor as select 8 as n');
    owner.process.kill('SIGKILL');
    await once(owner.process, 'exit');
    assert.deepEqual(await query(owner.adminUrl, 'select n from survivor'), [{ n: 8 }]);

    const next = await startEmbeddedPostgres({ dataDir, port: 0, fsync: false });
    assert.notEqual(next.pid, owner.pid);
    await assert.rejects(query(owner.adminUrl, 'select 1'), { code: 'ECONNREFUSED' });
    assert.deepEqual(await query(next.adminUrl, 'select n from survivor'), [{ n: 8 }]);
    await next.stop();
  });

  it('starts after the server and its owner were killed with -9', async () => {
    const owner = await startOwner(dataDir);
    await query(owner.adminUrl, 'create table committed as select 9 as n');
    owner.process.kill('SIGKILL');
    process.kill(owner.pid, 'SIGKILL');
    await once(owner.process, 'exit');
    const next = await startEmbeddedPostgres({ dataDir, port: 0, fsync: false });
    assert.deepEqual(await query(next.adminUrl, 'select n from committed'), [{ n: 9 }]);
    await next.stop();
  });

  it('refuses a folder whose owner lives, and leaves that one alone', async () => {
    const owner = await startOwner(dataDir);
    await assert.rejects(startEmbeddedPostgres({ dataDir, port: 0 }), refusedWith('BASE_DATA_FOLDER_IN_USE'));
    assert.deepEqual(await query(owner.adminUrl, 'select n from kept'), [{ n: 7 }]);
    owner.process.kill('SIGINT');
    const [code] = await once(owner.process, 'exit');
    assert.equal(code, 0);
    assert.equal(existsSync(join(dataDir, 'cluster', 'postmaster.pid')), false);
  });

  it('starts although the number in a left pid file belongs to another program now', async () => {
    writeFileSync(join(dataDir, 'cluster', 'postmaster.pid'), `${process.pid}\n${dataDir}/cluster\n0\n5432\n`);
    const server = await startEmbeddedPostgres({ dataDir, port: 0, fsync: false });
    assert.deepEqual(await query(server.adminUrl, 'select n from kept'), [{ n: 7 }]);
    await server.stop();
  });

  it('refuses a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await assert.rejects(
      startEmbeddedPostgres({ dataDir, port }),
      (err: unknown) => refusedWith('BASE_PORT_TAKEN')(err) && (err as AppError).publicText.includes(String(port)),
    );
    other.close();
  });

  it('refuses a folder whose password is not ours', async () => {
    const file = join(dataDir, 'password');
    const password = readFileSync(file, 'utf8');
    rmSync(file);
    await assert.rejects(startEmbeddedPostgres({ dataDir, port: 0 }), refusedWith('BASE_DATA_FOLDER_FOREIGN'));
    writeFileSync(file, 'other\n', { mode: 0o600 });
    await assert.rejects(startEmbeddedPostgres({ dataDir, port: 0 }), refusedWith('BASE_DATA_FOLDER_FOREIGN'));
    assert.equal(existsSync(join(dataDir, 'cluster', 'postmaster.pid')), false);
    writeFileSync(file, password, { mode: 0o600 });
  });

  it('refuses the folder of another major version', async () => {
    writeFileSync(join(dataDir, 'cluster', 'PG_VERSION'), '15\n');
    await assert.rejects(startEmbeddedPostgres({ dataDir, port: 0 }), (err: unknown) => {
      assert.ok(refusedWith('BASE_DATA_FOLDER_VERSION')(err));
      assert.match((err as AppError).publicText, /PostgreSQL 15, men den här versionen använder 18/);
      return true;
    });
  });

  it('refuses a folder that is a file', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    await assert.rejects(
      startEmbeddedPostgres({ dataDir: file, port: 0 }),
      refusedWith('BASE_DATA_FOLDER_UNREACHABLE'),
    );
  });
});

/** A disk of its own, of 60 MB: an empty cluster just fits. */
function mountSmallDisk(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=60m,mode=755', 'tmpfs', folder]).status === 0;
}

describe('an embedded server on a full disk', () => {
  it('is refused before anything is written, and when it runs full the error has a name', async (context) => {
    const disk = freshDir();
    if (!mountSmallDisk(disk)) {
      rmSync(disk, { recursive: true });
      return context.skip('this process may not mount a small disk');
    }
    try {
      const dataDir = join(disk, 'data');
      await assert.rejects(startEmbeddedPostgres({ dataDir, port: 0, fsync: false }), refusedWith('BASE_DISK_FULL'));
      assert.equal(existsSync(join(dataDir, 'cluster')), false);
      assert.equal(existsSync(join(dataDir, 'cluster.new')), false);
      spawnSync('mount', ['-o', 'remount,size=160m', disk]);
      const server = await startEmbeddedPostgres({ dataDir, port: 0, fsync: false });
      const pool = createPool({ connectionString: server.adminUrl, applicationName: 'filler' });
      const fill = inTransaction(pool, async (client) => {
        await client.query('create table filler as select gen_random_uuid() from generate_series(1, 5000000)');
      });
      await assert.rejects(fill, refusedWith('BASE_DISK_FULL'));
      await pool.end();
      await server.stop();
    } finally {
      spawnSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  });
});

describe('an embedded server started as root', { skip: process.getuid?.() !== 0 && 'not root' }, () => {
  it('keeps its files elsewhere when the user postgres cannot enter the data folder', async () => {
    const parent = freshDir(); // mkdtemp gives mode 700, as /root has
    const dataDir = join(parent, 'deep', 'data');
    mkdirSync(join(parent, 'deep'));
    const server = await startEmbeddedPostgres({ dataDir, port: 0, fsync: false });
    const elsewhere = readFileSync(join(dataDir, 'cluster-path'), 'utf8').trim();
    try {
      assert.match(elsewhere, /^\/var\/lib\/brevduva\/cluster-[0-9a-f]{12}$/);
      await query(server.adminUrl, 'create table kept as select 1 as n');
      await server.stop();
      const again = await startEmbeddedPostgres({ dataDir, port: 0, fsync: false });
      assert.deepEqual(await query(again.adminUrl, 'select n from kept'), [{ n: 1 }]);
      await again.stop();
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
      rmSync(parent, { recursive: true, force: true });
    }
  });
});
