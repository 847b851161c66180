import { text } from 'node:stream/consumers';
import { createLog, systemClock } from '@brevduva/base';
import { startMailbox } from '../src/index.ts';
import { OPERATOR } from './operator.ts';

/** Run by duplicates.test.ts: an operator that kills itself with SIGKILL once a letter is committed, before it answers. */
const { databaseUrl, contentKey, keys } = JSON.parse(await text(process.stdin));

const running = await startMailbox({
  databaseUrl,
  operator: { organizationNumber: OPERATOR, name: 'Postlådan' },
  soap: {
    host: '127.0.0.1',
    port: 0,
    tls: { key: keys.keyPem, cert: keys.certPem, ca: keys.caPem },
    trust: [keys.caPem],
  },
  web: { host: '127.0.0.1', port: 0 },
  oidc: { issuer: 'http://localhost:1', clientId: 'none', clientSecret: 'none' },
  contentKey: Buffer.from(contentKey, 'hex'),
  clock: systemClock,
  log: createLog({ service: 'mailbox', level: 'silent' }),
  around: async (_call, next) => {
    await next();
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  },
});
process.stdout.write(`${running.soapUrl}\n`);
