import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog, systemClock } from '@brevduva/base';
import { freePort } from '@brevduva/base/testing';
import { createFaultSwitch } from '../packages/cli/src/dev/faultSwitch.ts';
import { clearFaults, type FaultKind, setFault } from '../packages/cli/src/dev/faults.ts';
import { type MessageGateway, startMessageGateway } from '../packages/cli/src/dev/messageGateway.ts';
import { HUB_BOUNCE_DOMAIN, hubMessaging } from '../packages/cli/src/up/hubMessaging.ts';
import { type IntakeHub, LETTER, startIntakeHub } from '../packages/hub/test/support/intakeHub.ts';

/** The hub with the development gateway's real SMTP and SMPP servers, each of which fails as it is told. */
const HOST = '127.0.0.1';
const PHONE = '+46701740658';
const EMAIL = 'anna@example.se';
const log = createLog({ service: 'test', level: 'silent' });
let folder: string;
let gateway: MessageGateway;
let hub: IntakeHub;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevduva-notices-'));
  const [web, smtp, smpp, bounces] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const faults = await createFaultSwitch({ folder, sleep: systemClock.sleep, notDelivered: () => undefined });
  gateway = await startMessageGateway({
    ...{ folder, ports: { web, smtp, smpp }, token: 'nyckel', smppPassword: 'hemlig', clock: systemClock, log },
    takeFault: (party) => faults.take(party),
    bouncePort: (domain) => (domain === HUB_BOUNCE_DOMAIN ? bounces : undefined),
  });
  const messaging = hubMessaging({
    ...{ host: HOST, ports: { smtp, smpp, bounces }, smppPassword: 'hemlig', clock: systemClock, log },
    ...{ bounceKey: randomBytes(32), silenceMs: 500 },
  });
  hub = await startIntakeHub({ runsPipeline: true, messaging });
  await hub.pool.query(
    `update flow set notification = 'noticeOnly', notice = jsonb_build_object('channels', jsonb_build_array('sms', 'email'),
       'failure', case code when 'beslut' then 'none' else 'case' end)
     where code in ('beslut', 'sekretess')`,
  );
});
after(async () => {
  await hub.close();
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});

async function handIn(more: object): Promise<string> {
  const notice = { ...LETTER, subject: 'Påminnelse', body: { text: 'Boken ska vara åter på fredag.' }, ...more };
  const { status, body } = await hub.post(notice);
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

interface Story {
  readonly status: string;
  readonly stage: string | null;
  readonly channel: string | null;
  readonly final: boolean;
  readonly events: readonly { kind: string }[];
  readonly receipts: readonly { proof: Readonly<Record<string, unknown>> }[];
  readonly decision: { readonly reason: string };
  readonly case: { readonly reason: string } | null;
}

async function until(id: string, isSo: (story: Story) => boolean): Promise<Story> {
  for (let tries = 0; tries < 600; tries++) {
    const story: Story = (await hub.get(id)).body;
    if (isSo(story)) return story;
    await sleep(25);
  }
  return assert.fail(`notice ${id} never came there`);
}

const atRest = (id: string) => until(id, ({ final, status }) => final || status === 'case');
const fails = (party: 'sms' | 'epost', kind: FaultKind, calls?: number) =>
  setFault(folder, { party, kind, ...(calls === undefined ? {} : { calls }) });

describe('a notice through real servers', () => {
  test('arrives by SMS, and the centre’s report says so', async () => {
    const story = await atRest(await handIn({ contact: { phone: PHONE, email: EMAIL } }));
    assert.deepEqual([story.status, story.channel], ['delivered', 'sms']);
    assert.deepEqual(story.receipts[0]?.proof, { channel: 'sms', confirmedBy: 'report', parts: 1 });
    assert.match(await (await fetch(gateway.url)).text(), /Boken ska vara åter på fredag\./);
  });

  test('of several parts has arrived when all have', async () => {
    const id = await handIn({ contact: { phone: PHONE }, body: { text: `Boken ${'å'.repeat(250)}` } });
    const story = await atRest(id);
    assert.deepEqual(story.receipts[0]?.proof, { channel: 'sms', confirmedBy: 'report', parts: 2 });
  });

  test('that SMS refuses for good and SMTP for the moment (4xx) goes by e-mail when it can', async () => {
    await fails('sms', 'refuse-for-good');
    await fails('epost', 'refuse-now', 1);
    const id = await handIn({ contact: { phone: PHONE, email: EMAIL } });
    const story = await until(id, ({ stage }) => stage === 'confirm');
    assert.equal(story.channel, 'email');
    assert.deepEqual(
      story.events.map(({ kind }) => kind).filter((kind) => kind.startsWith('notice')),
      ['noticeRefused', 'noticeWaits', 'noticeSent'],
    );
    await clearFaults(folder);
  });

  test('that fails later by SMS and bounces by e-mail ends unnotified', async () => {
    await fails('sms', 'fails-later');
    await fails('epost', 'fails-later');
    const story = await atRest(await handIn({ contact: { phone: PHONE, email: EMAIL } }));
    assert.equal(story.status, 'unnotified');
    assert.equal(story.decision.reason, 'SMS:et kom inte fram. E-postmeddelandet kom tillbaka.');
    await clearFaults(folder);
  });

  test('that SMTP refuses for good (5xx) is a case where the flow wants one', async () => {
    await fails('epost', 'refuse-for-good');
    const story = await atRest(await handIn({ flow: 'sekretess', contact: { email: EMAIL } }));
    assert.equal(story.case?.reason, 'noticeFailed');
    await clearFaults(folder);
  });

  test('that the SMS centre takes in silence is never sent twice, and is a case where the flow wants one', async () => {
    await fails('sms', 'accept-then-silence', 1);
    const story = await atRest(await handIn({ flow: 'sekretess', contact: { phone: PHONE, email: EMAIL } }));
    assert.equal(story.case?.reason, 'noticeUnknown');
    const { rows } = await hub.pool.query(`select answer from notice_message order by created_at desc limit 1`);
    assert.equal(rows[0].answer, 'unknown');
    await clearFaults(folder);
  });
});
