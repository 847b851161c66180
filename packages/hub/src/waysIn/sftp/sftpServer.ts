import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { appError, BASE_ERRORS, type Clock, type Log, type Pool } from '@brevduva/base';
import ssh2, { type AuthContext, type Connection, type ServerConfig } from 'ssh2';
import type { AttemptLimit } from '../../http/attemptLimit.ts';
import type { BusinessSystem } from '../../organisation/businessSystem.ts';
import { secretHash, sshKeyHash } from '../../organisation/credential.ts';
import { type Presented, recognise } from '../../organisation/recognise.ts';
import { folderSettings } from '../../organisation/waysIn/folderSettings.ts';
import { foldersOf, makeFolders } from '../dropFolder/folders.ts';
import { createSftpFiles, removeAbandonedUploads, type SftpFiles, type SftpLimits } from './sftpFiles.ts';
import { serveSftp } from './sftpSession.ts';

export interface SftpOptions {
  readonly pool: Pool;
  readonly host: string;
  readonly port: number;
  /** Private key in PEM (SEC1, PKCS #1 or OpenSSH). Clients remember it: it must stay the same, and be the same on every node. */
  readonly hostKey: string;
  /** The same folders as the drop folders'. */
  readonly root: string;
  readonly attempts: AttemptLimit;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: SftpLimits;
}

export interface RunningSftp {
  readonly port: number;
  close(): Promise<void>;
}

const CONNECTIONS_MAX = 200;
const CONNECTIONS_OF_SYSTEM_MAX = 20;
const LOGIN_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 10 * 60_000;
/** On one connection. */
const LOGIN_ATTEMPTS_MAX = 8;

/**
 * An SFTP server in front of the drop folders: no shell, no commands, no forwarding. Whoever logs in sees the folders of one system.
 *
 * @throws AppError BASE_PORT_TAKEN
 */
export async function startSftp(options: SftpOptions): Promise<RunningSftp> {
  const { Server } = ssh2;
  const config: ServerConfig = { hostKeys: [options.hostKey], ident: 'Brevduva' };
  const sessions = createSessions(options);
  const server = new Server(config);
  server.on('connection', (connection, info) => {
    serveConnection(connection, info.ip, sessions, options);
  });
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    if (sockets.size >= CONNECTIONS_MAX) return void socket.destroy();
    sockets.add(socket);
    socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    server.injectSocket(socket);
  });
  await listening(listener, options);
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function listening(listener: NetServer, { host, port }: SftpOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, () => {
      listener.off('error', reject);
      resolve();
    });
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw appError(BASE_ERRORS, 'BASE_PORT_TAKEN', { values: { port } });
  });
}

type Sessions = ReturnType<typeof createSessions>;

/** One view of a system's folders for all its connections, so that what they leave is counted together. */
function createSessions({ root, limits, clock }: SftpOptions) {
  const open = new Map<string, { count: number; files: SftpFiles }>();
  return {
    async enter({ loginName }: BusinessSystem): Promise<SftpFiles | undefined> {
      const folders = foldersOf(root, loginName);
      await makeFolders(folders);
      if (!open.has(loginName)) await removeAbandonedUploads(folders, clock.now().getTime());
      const session = open.get(loginName) ?? { count: 0, files: createSftpFiles(folders, limits) };
      if (session.count >= CONNECTIONS_OF_SYSTEM_MAX) return undefined;
      session.count += 1;
      open.set(loginName, session);
      return session.files;
    },
    leave({ loginName }: BusinessSystem): void {
      const session = open.get(loginName);
      if (session === undefined) return;
      session.count -= 1;
      if (session.count === 0) open.delete(loginName);
    },
  };
}

function serveConnection(connection: Connection, ip: string, sessions: Sessions, options: SftpOptions): void {
  const { log } = options;
  let login: { system: BusinessSystem; presented: Presented } | undefined;
  let files: SftpFiles | undefined;
  let attempts = 0;
  const timer = setTimeout(() => connection.end(), LOGIN_TIMEOUT_MS);
  timer.unref();
  connection.on('authentication', (context) => {
    attempts += 1;
    if (attempts > LOGIN_ATTEMPTS_MAX) {
      connection.end();
      return;
    }
    logIn(context, ip, options)
      .then(async (found) => {
        if (found === 'proofWanted') return context.accept();
        if (found === undefined) return context.reject(['publickey', 'password']);
        files = await sessions.enter(found.system);
        if (files === undefined) return void connection.end();
        login = found;
        context.accept();
      })
      .catch((err: unknown) => {
        log.error({ err }, 'sftp login failed');
        connection.end();
      });
  });
  connection.on('ready', () => {
    clearTimeout(timer);
    const { system, presented } = login ?? {};
    if (files === undefined || system === undefined || presented === undefined) return void connection.end();
    log.info({ system: system.loginName }, 'sftp login');
    const own = files;
    const isStillValid = async () => (await recognise(options.pool, presented)).ok;
    connection.on('session', (accept) => {
      const session = accept();
      session.on('sftp', (acceptSftp) => {
        const over = serveSftp(acceptSftp(), own, { log, isStillValid, end: () => connection.end() });
        connection.on('close', over);
      });
    });
  });
  connection.on('close', () => {
    clearTimeout(timer);
    if (login !== undefined) sessions.leave(login.system);
    login = undefined;
  });
  // A client that goes away in the middle of a word is no fault of ours.
  connection.on('error', (err) => log.debug({ reason: err.message }, 'sftp connection ended'));
}

/** Who it is. `proofWanted`: the key is known, and the client is to show that it has the private half. */
async function logIn(
  context: AuthContext,
  ip: string,
  { pool, attempts, log }: SftpOptions,
): Promise<{ system: BusinessSystem; presented: Presented } | 'proofWanted' | undefined> {
  const presented = presentedBy(context);
  if (presented === undefined) return undefined;
  const secretKey = `${presented.kind} ${presented.hash.toString('base64')}`;
  if (attempts.waitSeconds(ip, secretKey) !== undefined) return undefined;
  const found = await recognise(pool, presented);
  if (!found.ok || folderSettings(found.system.waysIn) === undefined) {
    attempts.failed(ip);
    const reason = found.ok ? 'noDropFolder' : found.reason;
    log.warn({ credentialKind: presented.kind, reason, system: found.system?.loginName }, 'credential refused');
    return undefined;
  }
  if (context.method === 'publickey') {
    if (context.signature === undefined) return 'proofWanted';
    if (!isSigned(context)) {
      attempts.failed(ip);
      return undefined;
    }
  }
  attempts.succeeded(secretKey);
  return { system: found.system, presented };
}

function presentedBy(context: AuthContext): Presented | undefined {
  const loginName = context.username;
  if (context.method === 'password') return { kind: 'password', hash: secretHash(context.password), loginName };
  if (context.method === 'publickey') return { kind: 'sshKey', hash: sshKeyHash(context.key.data), loginName };
  return undefined;
}

function isSigned(context: Extract<AuthContext, { method: 'publickey' }>): boolean {
  const { key, blob, signature, hashAlgo } = context;
  const parsed = ssh2.utils.parseKey(key.data);
  if (parsed instanceof Error || blob === undefined || signature === undefined) return false;
  const [publicKey] = [parsed].flat();
  return publicKey?.verify(blob, signature, hashAlgo) === true;
}
