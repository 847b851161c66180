import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createContentCipher,
  type MailMessage,
  type OnSmsStatus,
  type SendOutcome,
  type SmsMessage,
  systemClock,
} from '@brevduva/base';
import { createCaseActions } from '../src/cases.ts';
import { checkContact } from '../src/contact.ts';
import { createContentStore } from '../src/content.ts';
import type { MessagingOptions, OnMailReport } from '../src/notices/messaging.ts';
import { DEFAULT_NOTICE } from '../src/notices/noticeSettings.ts';
import { checkNotice } from '../src/notices/noticeText.ts';
import { queueReminder } from '../src/sql/recipientNotices.ts';
import { API_KEY } from './support/hubDatabase.ts';
import { CONTENT_KEY, type IntakeHub, LETTER, startIntakeHub } from './support/intakeHub.ts';

describe('a recipient’s contact', () => {
  it('is a mobile number in one form and an address that SMTP takes', () => {
    const { contact, faults } = checkContact({ phone: '070-123 45 67', email: 'Anna@Räksmörgås.se' });
    assert.deepEqual(faults, []);
    assert.deepEqual(contact, { phone: '+46701234567', email: 'Anna@xn--rksmrgs-5wao1o.se' });
    assert.deepEqual(checkContact({ phone: ' ', email: undefined }), { faults: [] }, 'an empty field is none');
  });

  it('has every fault told', () => {
    const { faults } = checkContact({ phone: '08-123 456', email: 'Anna <anna@example.se>' });
    assert.deepEqual(
      faults.map(({ code, path }) => [code, path]),
      [
        ['HUB_CONTACT_PHONE', 'contact/phone'],
        ['HUB_CONTACT_EMAIL', 'contact/email'],
      ],
    );
  });
});

describe('a contact that is handed in', () => {
  let hub: IntakeHub;
  before(async () => {
    hub = await startIntakeHub();
  });
  after(() => hub.close());

  it('lies encrypted with its letter, readable as that letter’s only', async () => {
    const { status, body } = await hub.post({ ...LETTER, contact: { phone: '0701234567' } });
    assert.equal(status, 201);
    const { rows } = await hub.pool.query('select sealed_contact from letter where id = $1', [body.id]);
    const sealed: Buffer = rows[0].sealed_contact;
    assert.ok(!sealed.toString('latin1').includes('701234567'));
    const content = createContentStore(hub.pool, createContentCipher(CONTENT_KEY));
    const letter = { organisationId: hub.organisationId, id: String(body.id) };
    assert.deepEqual(content.openContact(letter, sealed), { phone: '+46701234567' });
    assert.throws(() => content.openContact({ ...letter, id: hub.organisationId }, sealed), {
      code: 'BASE_CONTENT_UNREADABLE',
    });
  });

  it('is refused with everything that is wrong', async () => {
    const { status, body } = await hub.post({ ...LETTER, contact: { phone: '12', email: 'x', fax: '1' } });
    assert.equal(status, 422);
    assert.equal(body.code, 'HUB_LETTER_INVALID');
    const faults = body.faults as { code: string; path: string }[];
    assert.deepEqual(faults.map(({ code, path }) => `${code} ${path}`).sort(), [
      'HUB_CONTACT_EMAIL contact/email',
      'HUB_CONTACT_PHONE contact/phone',
      'HUB_FIELD_UNKNOWN contact/fax',
    ]);
  });
});

describe('what may stand in a notice', () => {
  const rules = { ...DEFAULT_NOTICE, forbiddenWords: ['diagnos'], linkDomains: ['lillköping.se'], smsPartsMax: 1 };
  const codes = (text: string) => checkNotice({ subject: 'Påminnelse', text }, rules).map(({ code }) => code);

  it('no number of a person, however it is written', () => {
    for (const written of [
      '191212121212',
      '121212-1212',
      '121212+1212',
      '19121212 1212',
      '19 12 12 12 - 12 12',
      '1 9 1 2 1 2 1 2 1 2 1 2',
      '12.12.12.1212',
      '121212\u20111212',
      '1912\u200b12121212',
      '１９１２１２１２１２１２',
      'Pnr:1212121212!',
      '701063-2391', // a samordningsnummer: the day and 60
    ]) {
      assert.deepEqual(codes(`Hej ${written} hej`), ['HUB_NOTICE_IDENTITY'], written);
    }
  });

  it('other numbers are no persons', () => {
    for (const written of [
      '070-123 45 67',
      '0701-23 45 67',
      '162021004748',
      '202100-4748',
      '2026-12-24 10:30',
      '70012075',
      '73500912121212121234',
    ]) {
      assert.deepEqual(codes(`Ring ${written} nu`), [], written);
    }
  });

  it('no forbidden word, no link elsewhere, no more parts than fit; all at once', () => {
    assert.deepEqual(codes('Din diagnosfråga'), ['HUB_NOTICE_WORD']);
    assert.deepEqual(codes('Feldiagnosen'), [], 'a word begins so, or is another');
    assert.deepEqual(codes('Se https://bibliotek.lillköping.se/lån och www.lillköping.se, t.ex. kl. 10.30 m.fl.'), []);
    for (const link of [
      'https://lillköping.se@ond.example/x',
      'bit.ly/abc',
      'lillköping.se.ond.com',
      'HTTP://OND.EXAMPLE',
      'ond.com',
    ]) {
      assert.deepEqual(codes(`Se ${link} nu`), ['HUB_NOTICE_LINK'], link);
    }
    assert.deepEqual(codes('å'.repeat(160)), []);
    assert.deepEqual(codes(`121212-1212 ond.com diagnos ${'ł'.repeat(60)}`).sort(), [
      'HUB_NOTICE_IDENTITY',
      'HUB_NOTICE_LINK',
      'HUB_NOTICE_TOO_LONG',
      'HUB_NOTICE_WORD',
    ]);
  });
});

/** A gateway that answers what it is told to, and keeps what it got. */
function scriptedGateways() {
  const sent = { sms: [] as SmsMessage[], mail: [] as MailMessage[] };
  const answers = { sms: [] as SendOutcome[], mail: [] as SendOutcome[] };
  let onSms: OnSmsStatus | undefined;
  let onMail: OnMailReport | undefined;
  const answer = (kind: 'sms' | 'mail', id: string): SendOutcome =>
    answers[kind].shift() ?? { kind: 'accepted', messageIds: [`${kind}-${id}`] };
  const options: MessagingOptions = {
    reportWait: { smsMs: 3_600_000, emailMs: 3_600_000 },
    sms: {
      gateway: 'test',
      recognisesIds: false,
      httpReports: {
        ...{ url: 'http://localhost/sms-status', id: 'id', state: 'status' },
        proof: { kind: 'secret', header: 'X-Gateway', secret: 'gatewayens hemlighet' },
        states: { delivered: ['DELIVRD'], failed: ['UNDELIV'] },
      },
      start: (onStatus) => {
        onSms = onStatus;
        const send = async (message: SmsMessage) => {
          sent.sms.push(message);
          return answer('sms', message.id);
        };
        return { send, close: async () => undefined };
      },
    },
    mail: {
      gateway: 'smtp',
      start: (onReport) => {
        onMail = onReport;
        const send = async (message: MailMessage) => {
          sent.mail.push(message);
          return answer('mail', message.id);
        };
        return { send, close: async () => undefined };
      },
    },
  };
  return {
    ...{ options, sent, answers },
    smsReport: (message: SmsMessage | undefined, state: 'delivered' | 'failed') =>
      onSms?.({ messageId: `sms-${message?.id}`, state, code: state === 'failed' ? '001' : '000' }),
    bounce: (message: MailMessage | undefined, action: 'failed' | 'delayed') =>
      onMail?.(message?.id ?? '', { action, status: action === 'failed' ? '5.1.1' : '4.2.2' }),
  };
}

const REFUSED: SendOutcome = { kind: 'refusedForGood', code: '550', text: 'no', about: 'recipient' };
const LATER: SendOutcome = { kind: 'tryLater', code: '421', text: 'busy' };
const UNKNOWN: SendOutcome = { kind: 'unknown', code: 'timeout', text: '' };
const PHONE = '+46701234567';
const EMAIL = 'anna@example.se';

describe('a notice by SMS and e-mail', () => {
  const gateways = scriptedGateways();
  let now: (() => Date) | undefined;
  let hub: IntakeHub;
  before(async () => {
    const clock = { ...systemClock, now: () => now?.() ?? systemClock.now() };
    hub = await startIntakeHub({ runsPipeline: true, messaging: gateways.options, clock });
    await hub.pool.query(
      `update flow set notification = 'noticeOnly', notice = case code
         when 'beslut' then '{"channels":["sms","email"]}'
         else '{"channels":["sms"],"failure":"case","smsHours":{"from":"08:00","to":"20:00","weekdays":[1,2,3,4,5,6,7]}}' end::jsonb
       where code in ('beslut', 'sekretess')`,
    );
  });
  after(() => hub.close());

  const NOTICE = { ...LETTER, subject: 'Påminnelse', body: { text: 'Kom ihåg att lämna tillbaka dina böcker.' } };

  async function handIn(more: object): Promise<string> {
    const { status, body } = await hub.post({ ...NOTICE, ...more });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  }

  async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    for (let tries = 0; tries < 400; tries++) {
      const found = await look();
      if (found) return found;
      await sleep(25);
    }
    return assert.fail(`never: ${what}`);
  }

  const story = async (id: string) => (await hub.get(id)).body;
  const atRest = (id: string) =>
    until(`${id} at rest`, async () => {
      const letter = await story(id);
      return (letter.final || letter.status === 'case') && letter;
    });
  const confirming = (id: string) =>
    until(`${id} waits for a report`, async () => (await story(id)).stage === 'confirm');
  /** As if the wait for its report were over. */
  const waitIsOver = (id: string) =>
    hub.pool.query(`update letter set stage_entered_at = now() - interval '2 days', due_at = now() where id = $1`, [
      id,
    ]);
  const kinds = (letter: { events: { kind: string }[] }) => letter.events.map(({ kind }) => kind);

  it('that the telephone has is delivered, by the status report', async () => {
    const id = await handIn({ contact: { phone: PHONE, email: EMAIL } });
    await confirming(id);
    const message = gateways.sent.sms.at(-1);
    assert.equal(message?.to, PHONE);
    assert.equal(message?.text, NOTICE.body.text);
    await gateways.smsReport(message, 'delivered');
    const letter = await atRest(id);
    assert.equal(letter.status, 'delivered');
    assert.equal(letter.channel, 'sms');
    assert.deepEqual(kinds(letter), ['accepted', 'channelDecided', 'noticeSent', 'noticeDelivered']);
    assert.deepEqual(letter.receipts[0].proof, { channel: 'sms', confirmedBy: 'report', parts: 1 });
    assert.equal(gateways.sent.mail.length, 0, 'one channel is enough');
    assert.doesNotMatch(hub.log(), /701234567|anna@example|lämna tillbaka/, 'nothing of it in the log');
  });

  it('is reported by a gateway that posts, and by nobody else', async () => {
    const id = await handIn({ contact: { phone: PHONE } });
    await confirming(id);
    const message = gateways.sent.sms.at(-1);
    const post = async (secret: string, body: unknown) => {
      const headers = { 'content-type': 'application/json', 'x-gateway': secret };
      const url = new URL('/sms-status', hub.hub.webUrl);
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    const report = { id: `sms-${message?.id}`, status: 'DELIVRD' };
    assert.equal(await post('en gissning', report), 401);
    assert.equal(await post('gatewayens hemlighet', { note: 'nothing' }), 400);
    assert.equal((await hub.get(id)).body.status, 'waiting');
    assert.equal(await post('gatewayens hemlighet', report), 204);
    assert.equal((await atRest(id)).status, 'delivered');
  });

  it('that the gateway refuses goes by e-mail; with no bounce in time, the server’s word counts', async () => {
    gateways.answers.sms.push(REFUSED);
    const id = await handIn({ contact: { phone: PHONE, email: EMAIL } });
    await confirming(id);
    assert.equal(gateways.sent.mail.at(-1)?.fromName, 'Kommun A');
    await waitIsOver(id);
    const letter = await atRest(id);
    assert.deepEqual([letter.status, letter.channel], ['delivered', 'email']);
    assert.equal(letter.receipts[0].proof.confirmedBy, 'gateway');
    assert.deepEqual(
      letter.decision.tried
        .slice(-2)
        .map(({ rule, won, why }: { rule: string; won: boolean; why: string }) => [rule, won, why]),
      [
        ['noticeSms', false, 'SMS-gatewayen tog inte emot meddelandet.'],
        ['notice', true, 'Mottagarens e-postadress är känd, och aviseringen går som e-post.'],
      ],
    );
  });

  it('that does not arrive by any channel ends unnotified, and says why', async () => {
    const id = await handIn({ contact: { phone: PHONE, email: EMAIL } });
    await confirming(id);
    const mails = gateways.sent.mail.length;
    await gateways.smsReport(gateways.sent.sms.at(-1), 'failed');
    const mail = await until('the e-mail', async () => gateways.sent.mail[mails]);
    await confirming(id);
    await gateways.bounce(mail, 'delayed');
    await gateways.bounce(mail, 'failed');
    const letter = await atRest(id);
    assert.equal(letter.status, 'unnotified');
    assert.equal(letter.decision.reason, 'SMS:et kom inte fram. E-postmeddelandet kom tillbaka.');
    assert.equal(letter.case, null, 'nobody has a case of each recipient');
  });

  it('of which a report came before our own note of it is found all the same', async () => {
    gateways.answers.sms.push({ kind: 'accepted', messageIds: ['early'] });
    await hub.pool.query(
      `insert into notice_report (gateway, ref, state, at) values ('test', 'early', 'delivered', now() + interval '1 minute')`,
    );
    const letter = await atRest(await handIn({ contact: { phone: PHONE } }));
    assert.equal(letter.status, 'delivered');
  });

  it('that a busy gateway puts off goes again as the very same message', async () => {
    gateways.answers.sms.push(LATER);
    const before = gateways.sent.sms.length;
    const id = await handIn({ contact: { phone: PHONE } });
    await confirming(id);
    const [first, second, third] = gateways.sent.sms.slice(before);
    assert.equal(first?.id, second?.id);
    assert.equal(third, undefined);
    assert.ok(kinds(await story(id)).includes('noticeWaits'));
  });

  it('of which no answer came is never sent twice, nor by another channel', async () => {
    gateways.answers.sms.push(UNKNOWN);
    const before = [gateways.sent.sms.length, gateways.sent.mail.length];
    const letter = await atRest(await handIn({ contact: { phone: PHONE, email: EMAIL } }));
    assert.equal(letter.status, 'unnotified');
    assert.equal(kinds(letter).at(-1), 'noticeUnknown');
    assert.deepEqual([gateways.sent.sms.length, gateways.sent.mail.length], [(before[0] ?? 0) + 1, before[1]]);
  });

  it('by e-mail of which no answer came goes again under the same id', async () => {
    gateways.answers.mail.push(UNKNOWN);
    const before = gateways.sent.mail.length;
    const id = await handIn({ contact: { email: EMAIL } });
    await confirming(id);
    const [first, second] = gateways.sent.mail.slice(before);
    assert.equal(first?.id, second?.id);
    assert.ok(kinds(await story(id)).includes('outcomeUnknown'));
  });

  it('waits for the hours of SMS by Swedish clocks, and becomes a case where its flow wants', async () => {
    now = () => new Date('2026-07-01T03:00:00Z'); // 05 in summer
    const before = gateways.sent.sms.length;
    gateways.answers.sms.push(UNKNOWN);
    const id = await handIn({ flow: 'sekretess', contact: { phone: PHONE } });
    await until('held', async () => kinds(await story(id)).includes('waitsForWindow'));
    const { rows } = await hub.pool.query(
      `select state, round(extract(epoch from due_at - updated_at) / 3600)::integer as hours from letter where id = $1`,
      [id],
    );
    assert.deepEqual(rows, [{ state: 'waiting', hours: 3 }]);
    assert.equal(gateways.sent.sms.length, before);
    now = undefined;
    await hub.pool.query(`update flow set notice = notice - 'smsHours' where code = 'sekretess'`);
    await hub.pool.query('update letter set due_at = now() where id = $1', [id]);
    const letter = await atRest(id);
    assert.equal(letter.status, 'case');
    assert.equal(letter.case.reason, 'noticeUnknown');
    await waitIsOver(id);
  });

  it('that a person tries again is another message', async () => {
    const before = gateways.sent.sms.length;
    const { rows } = await hub.pool.query(`select id, letter_id from manual_case where closed_at is null`);
    await createCaseActions(hub.pool, () => undefined).tryAgain(hub.organisationId, rows[0].id, { name: 'Test' });
    await confirming(rows[0].letter_id);
    const { rows: messages } = await hub.pool.query(
      'select is_over from notice_message where letter_id = $1 order by id',
      [rows[0].letter_id],
    );
    assert.deepEqual(messages, [{ is_over: true }, { is_over: false }]);
    assert.equal(gateways.sent.sms.length, before + 1);
  });

  it('is counted before it is sent: who is told how, and what it costs', async () => {
    const recipients = [
      { recipient: '191212121212', contact: { phone: PHONE, email: EMAIL } },
      { recipient: '191212121212', reference: '2', contact: { email: EMAIL } },
      { recipient: '191212121212', reference: '3' },
    ];
    const response = await fetch(`${hub.hub.webUrl}/api/v1/precheck`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ flow: 'beslut', recipients }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: what came over the wire
    const found: any = await response.json();
    assert.equal(response.status, 200, JSON.stringify(found));
    assert.deepEqual(found.results, ['sms', 'email', 'unnotified']);
    assert.deepEqual([found.reach.sms, found.reach.email, found.reach.paper], [1, 1, 0]);
    assert.deepEqual([found.cost.notices, found.cost.total, found.cost.ifAllOnPaper], [41, 41, 0]);
  });

  it('is answered with its length as SMS, and so when it is handed in again', async () => {
    const notice = { ...NOTICE, body: { text: 'Boken ”Łódź” väntar.' } };
    const answers = [];
    for (const _ of [1, 2]) answers.push((await hub.post(notice, { 'idempotency-key': 'langd' })).body.sms);
    assert.deepEqual(answers[0], {
      ...{ alphabet: 'UCS-2', units: 20, parts: 1, unitsLeft: 50 },
      notInGsm7: ['”', 'Ł', 'ó', 'ź'],
    });
    assert.deepEqual(answers[1], answers[0]);
  });

  it('is refused at hand-in with all that may not stand in it', async () => {
    const { status, body } = await hub.post({
      ...NOTICE,
      body: { text: `Gäller 121212-1212, se ond.com. ${'x'.repeat(600)}` },
      attachments: [{ filename: 'a.pdf', contentType: 'application/pdf', base64: 'JVBERi0=' }],
    });
    assert.deepEqual([status, body.code], [422, 'HUB_LETTER_INVALID']);
    const codes = body.faults.map(({ code }: { code: string }) => code);
    for (const code of ['HUB_NOTICE_IDENTITY', 'HUB_NOTICE_LINK', 'HUB_NOTICE_TOO_LONG', 'HUB_NOTICE_ATTACHMENT']) {
      assert.ok(codes.includes(code), code);
    }
    const html = await hub.post({
      ...NOTICE,
      contact: { phone: PHONE },
      body: { contentType: 'text/html', text: '<p>Hej</p>' },
    });
    assert.deepEqual(
      html.body.faults.map(({ code }: { code: string }) => code),
      ['HUB_NOTICE_HTML'],
    );
  });

  it('beside a letter tells that it is on its way, and never harms it', async () => {
    await hub.pool.query(`update flow set notification = 'withLetter' where code = 'papper'`);
    gateways.answers.sms.push(REFUSED);
    const before = gateways.sent.mail.length;
    const address = { name: 'Anna Ek', street: 'Storgatan 1', postalCode: '123 45', city: 'Staden' };
    const letterOnPaper = { ...LETTER, flow: 'papper', address, contact: { phone: PHONE, email: EMAIL } };
    const { body } = await hub.post(letterOnPaper);
    const mail = await until('the e-mail', async () => gateways.sent.mail[before]);
    assert.equal(mail.text, 'Ett brev från Kommun A, Byggnadsnämnden är på väg till dig med posten.');
    assert.equal((await story(body.id)).status, 'printed');
    const told = async () => {
      const { rows } = await hub.pool.query(
        'select state, channel, failures, kind from recipient_notice where letter_id = $1 order by kind',
        [body.id],
      );
      return rows;
    };
    await until('waits for bounces', async () => (await told())[0]?.channel === 'email');
    await until('sent', async () => kinds(await story(body.id)).includes('noticeSent'));
    await gateways.bounce(mail, 'failed');
    await until('the end', async () => (await told())[0]?.state === 'untold');
    assert.deepEqual((await told())[0].failures, [
      { channel: 'sms', why: 'refused' },
      { channel: 'email', why: 'notReached' },
    ]);
    assert.equal((await story(body.id)).status, 'printed');

    assert.equal(await queueReminder(hub.pool, { organisationId: hub.organisationId, id: body.id }), 'queued');
    assert.equal(await queueReminder(hub.pool, { organisationId: hub.organisationId, id: body.id }), 'alreadyQueued');
    const sms = gateways.sent.sms.length;
    const reminder = await until(
      'the reminder',
      async () => gateways.sent.sms[sms] ?? gateways.sent.sms.find(({ text }) => text.startsWith('Påminnelse:')),
    );
    await until('its own wait', async () => (await told())[1]?.channel === 'sms');
    await gateways.smsReport(reminder, 'delivered');
    await until('told', async () => (await told())[1]?.state === 'told');
  });
});
