import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { NotificationDelivery, NotifyResult, SoapReply } from '@brevduva/protocol';
import { createContentKeys } from '../src/content/encryption.ts';
import { noticeContext } from '../src/content/storeNotice.ts';
import { listInbox } from '../src/sql/inbox.ts';
import { faultOf } from './faultOf.ts';
import { type NoticeOptions, notice, notify, notifyRequest } from './handIns.ts';
import {
  byMany,
  CONTENT_KEY,
  clientOf,
  DISPATCHER,
  type Keys,
  makeKeys,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { PERSON_ANNA, PERSON_BO, PERSON_STRANGER } from './people.ts';

const UNSERVED = '162120002411';
let keys: Keys;
let operator: TestOperator;

before(async () => {
  keys = await makeKeys();
  operator = await startTestOperator({ keys });
  await operator.register.addAccounts([{ recipientId: PERSON_BO }]);
  await operator.register.addSenders([{ organizationNumber: UNSERVED, name: 'Kommun utan förmedlare' }]);
});
after(() => operator.close());

async function tell(delivery: NotificationDelivery, at = operator): Promise<NotifyResult> {
  return (await at.client.call(notify, at.running.soapUrl, { notify: delivery })).return;
}

const flags = (result: NotifyResult) =>
  result.Status.map((status) => [status.RecipientId, status.DeliveryStatus.DeliveredFlag]);

async function counts(at = operator) {
  const { rows } = await at.database.pool.query<{ letters: number; notices: number; parts: number }>(
    'select (select count(*) from letter) as letters, (select count(*) from notice) as notices, (select count(*) from part) as parts',
  );
  return rows[0];
}

const refused = (work: Promise<unknown>, errorCode: number, text: RegExp) =>
  assert.rejects(work, faultOf(errorCode, text));

describe('a notice', () => {
  test('reaches whoever has an open mailbox here, and says of each recipient whether it did', async () => {
    const before = await counts();
    const result = await tell(notice({ recipients: [PERSON_STRANGER, PERSON_ANNA, PERSON_BO, PERSON_ANNA] }));
    assert.match(result.TransId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(flags(result), [
      [PERSON_STRANGER, false],
      [PERSON_ANNA, true],
      [PERSON_BO, true],
    ]);
    assert.deepEqual(
      result.Status.map((status) => status.DeliveryStatus.NotifiedByChannel),
      [[], [], []],
    );
    const now = await counts();
    assert.ok(before && now);
    assert.deepEqual(now, { letters: before.letters + 2, notices: before.notices + 1, parts: before.parts + 2 });
  });

  test("stands in the inbox under the name that FaR has for its sender, not the message's", async () => {
    await tell(notice({ recipients: [PERSON_BO], subject: 'Namnet', senderName: 'Skatteverket' }));
    const { rows } = await operator.database.pool.query<{ id: string }>(
      'select id from account where recipient_id = $1',
      [PERSON_BO],
    );
    const [row] = await listInbox(operator.database.pool, {
      accountId: rows[0]?.id ?? '',
      search: 'Namnet',
      limit: 10,
      offset: 0,
    });
    assert.equal(row?.kind, 'notice');
    assert.equal(row?.senderName, 'Kommun A');
    assert.equal(row?.forwarderName, null);
  });

  test('is kept as it came, encrypted, and once for all its recipients', async () => {
    const delivery = notice({ subject: 'Som den kom', recipients: [PERSON_ANNA, PERSON_BO] });
    const { TransId } = await tell(delivery);
    const { rows } = await operator.database.pool.query<{ key_id: string; encrypted: Buffer }>(
      'select key_id, encrypted from notice where id = $1',
      [TransId],
    );
    const [row] = rows;
    assert.ok(row);
    const kept = createContentKeys([CONTENT_KEY]).decrypt(row.key_id, row.encrypted, noticeContext(TransId));
    assert.deepEqual(kept, notifyRequest(delivery));
    assert.equal(row.encrypted.includes('Som den kom'), false);
  });

  test('reaches a thousand mailboxes by one call', async () => {
    const recipients = Array.from({ length: 1000 }, (_, n) => `19700101${String(n).padStart(4, '0')}`);
    await operator.database.pool.query(
      `insert into account (id, recipient_id, state, opened_at)
       select gen_random_uuid(), number, 'active', now() from unnest($1::text[]) as given (number)`,
      [recipients],
    );
    const result = await tell(notice({ recipients, subject: 'Till alla' }));
    assert.equal(flags(result).filter(([, isDelivered]) => isDelivered).length, 1000);
  });

  test('to nobody who has a mailbox here is answered, and not kept', async () => {
    const before = await counts();
    await operator.register.addAccounts([{ recipientId: '191212121212', pending: true }]);
    const result = await tell(notice({ recipients: [PERSON_STRANGER, '191212121212'] }));
    assert.deepEqual(
      flags(result).map(([, isDelivered]) => isDelivered),
      [false, false],
    );
    assert.deepEqual(await counts(), before);
  });
});

describe("a notice that fails a check is refused with the contract's code, and nothing is stored", () => {
  const cases: [name: string, code: number, text: RegExp, options: NoticeOptions][] = [
    ['sender that nobody registered', 5014, /unknown here/, { senderId: '165560360793' }],
    ['sender that the dispatcher does not serve', 6005, /may not deliver for this Sender/, { senderId: UNSERVED }],
    ['text that is no text', 5019, /"application\/pdf" is not supported/, { contentType: 'application/pdf' }],
    ['text that is not UTF-8', 5001, /not UTF-8/, { text: Buffer.from([0xe5, 0xe4]) }],
    [
      'HTML with script',
      5001,
      /script/,
      { contentType: 'text/html', text: '<!DOCTYPE html><html><body><script>x()</script></body></html>' },
    ],
  ];
  for (const [name, code, text, options] of cases) {
    test(`${name} → ${code}`, async () => {
      const before = await counts();
      await refused(tell(notice(options)), code, text);
      assert.deepEqual(await counts(), before);
    });
  }

  test('a caller that is no dispatcher → 6005', async () => {
    const stranger = clientOf(keys, keys.sender);
    const before = await counts();
    const call = stranger.call(notify, operator.running.soapUrl, { notify: notice() });
    await refused(call, 6005, /162021004748 is not a registered dispatcher/);
    assert.deepEqual(await counts(), before);
    stranger.close();
  });

  test('1001 recipients → 5005, none → 5001, and an envelope over 2 097 152 bytes → 5005', async () => {
    const request = notifyRequest(notice()).toString();
    const one = `>${PERSON_ANNA}</Recipient>`;
    const at = request.indexOf(one);
    const open = request.slice(request.lastIndexOf('<', at), at);
    const element = `${open}${one}`;
    for (const [changed, code, text] of [
      [request.replace(element, element.repeat(1001)), 5005, /Recipient/],
      [request.replace(element, ''), 5001, /Recipient/],
      [notifyRequest(notice({ text: 'x'.repeat(1_600_000) })).toString(), 5005, /more than 2097152/],
    ] as const) {
      await refused(operator.client.deliverSecure(operator.running.soapUrl, Buffer.from(changed)), code, text);
    }
  });
});

describe('the same notice again', () => {
  test('gets the same answer, also when a recipient has opened a mailbox since, or closed hers', async () => {
    const late = '199001612382';
    const delivery = notice({ recipients: [PERSON_ANNA, PERSON_BO, late], subject: 'Två gånger' });
    const first = await tell(delivery);
    const before = await counts();
    await operator.register.addAccounts([{ recipientId: late }]);
    await operator.register.closeAccount(PERSON_BO);
    assert.deepEqual(await tell(delivery), first);
    assert.deepEqual(await counts(), before);
    await operator.register.addAccounts([{ recipientId: PERSON_BO }]);
  });

  test('at the same instant from ten connections is stored once', async () => {
    const delivery = notice({ recipients: [PERSON_ANNA, PERSON_BO], subject: 'Samtidigt' });
    const before = await counts();
    const answers = await byMany(keys, { caller: keys.dispatcher, count: 10 }, (caller) =>
      caller.call(notify, operator.running.soapUrl, { notify: delivery }),
    );
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer.return))).size, 1);
    assert.equal((await counts())?.letters, (before?.letters ?? 0) + 2);
  });

  test('after the time that is set is another notice', async () => {
    const brief = await startTestOperator({ keys, settings: { noticeDuplicateMs: 0 } });
    try {
      const [first, second] = [await tell(notice(), brief), await tell(notice(), brief)];
      assert.notEqual(second.TransId, first.TransId);
      assert.equal((await counts(brief))?.letters, 2);
    } finally {
      await brief.close();
    }
  });

  test('after an answer that was lost', async () => {
    let isSilent = true;
    const around = async (_call: unknown, next: () => Promise<SoapReply>): Promise<SoapReply> => {
      const reply = await next();
      return isSilent ? { hangUp: true } : reply;
    };
    const silent = await startTestOperator({ keys, more: { around } });
    try {
      await assert.rejects(tell(notice(), silent), { kind: 'noAnswer' });
      isSilent = false;
      const { rows } = await silent.database.pool.query<{ id: string }>('select id from notice');
      assert.equal((await tell(notice(), silent)).TransId, rows[0]?.id);
      assert.deepEqual(await counts(silent), { letters: 1, notices: 1, parts: 1 });
    } finally {
      await silent.close();
    }
  });
});

test('a statement that fails in the middle leaves nothing', async () => {
  const { pool } = operator.database;
  const before = await counts();
  await pool.query('alter table part add constraint no_more check (position < 0) not valid');
  await refused(tell(notice({ subject: 'Halvfärdig' })), 5000, /Unknown error/);
  await pool.query('alter table part drop constraint no_more');
  assert.deepEqual(await counts(), before);
  assert.equal(flags(await tell(notice({ subject: 'Halvfärdig' })))[0]?.[1], true);
});

test('the log tells of notices, and holds no personal number and no words of theirs', async () => {
  await tell(notice({ subject: 'Sekretess', text: 'Hemlig text' }));
  await tell(notice({ contentType: 'application/pdf', text: 'Hemlig text' })).catch(() => undefined);
  const log = operator.logged();
  assert.match(log, /notice answered/);
  assert.match(log, new RegExp(`"caller":"${DISPATCHER}"`));
  assert.doesNotMatch(log, /Sekretess|Hemlig|SGVtbGln|19900101|19850709/);
});
