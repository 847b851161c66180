import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SshServer {
  readonly port: number;
  readonly user: string;
  /** As `ssh-keygen -l` prints it. */
  readonly hostKey: string;
  /** Of the one who may log in. */
  readonly privateKey: string;
  /** Every connection breaks at once, in the middle of whatever is sent. */
  cut(): void;
  close(): Promise<void>;
}

/** Debian's OpenSSH server as an ordinary process on a port of its own, for this test's user with a key. */
export async function startSshServer(dir: string): Promise<SshServer> {
  await mkdir(dir, { recursive: true });
  const keygen = (name: string) => spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, name)]);
  keygen('host');
  keygen('user');
  // Where it gives up its rights when it runs as root.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  const port = await freePort();
  const settings = [
    `HostKey ${join(dir, 'host')}`,
    `AuthorizedKeysFile ${join(dir, 'user.pub')}`,
    ...['ListenAddress 127.0.0.1', `Port ${port}`, 'PidFile none', 'UsePAM no', 'StrictModes no'],
    ...['PermitRootLogin prohibit-password', 'PasswordAuthentication no', 'Subsystem sftp internal-sftp'],
  ];
  await writeFile(join(dir, 'sshd_config'), `${settings.join('\n')}\n`);
  const [, fingerprint = ''] = spawnSync('ssh-keygen', ['-l', '-f', join(dir, 'host.pub')])
    .stdout.toString()
    .split(' ');
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(dir, 'sshd_config')], { stdio: 'ignore' });
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 200 || child.exitCode !== null) throw new Error('sshd does not answer');
    await sleep(50);
  }
  const line = await startLine(port);
  return {
    ...{ port: line.port, user: userInfo().username, hostKey: fingerprint, cut: line.cut },
    privateKey: await readFile(join(dir, 'user'), 'utf8'),
    close: async () => {
      await line.close();
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

/** The wire to the server, which can be cut. */
async function startLine(to: number): Promise<{ port: number; cut(): void; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      // A cut wire is what the test is about.
      socket.on('error', () => undefined).on('close', () => [near, far].map((each) => each.destroy()));
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const close = async () => {
    cut();
    listener.close();
    await once(listener, 'close');
  };
  return { port: (listener.address() as AddressInfo).port, cut, close };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => resolve(true)).once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}
