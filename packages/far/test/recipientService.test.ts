import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ContractFault, IS_REACHABLE_RECIPIENTS_MAX } from '@brevduva/protocol';
import { createRegister } from '../src/index.ts';
import { createRecipientService, type RecipientService } from '../src/recipientService.ts';
import { createFarDatabase } from './database.ts';
import {
  ANONYMOUS,
  BLOCKS_MUNICIPALITY,
  COORDINATION,
  DEREGISTERED,
  fillSampleRegister,
  MUNICIPALITY,
  OPERATOR,
  OTHER_SENDER,
  PENDING_COMPANY,
  REACHABLE,
  SERVED,
  STRANGER,
  UNREGISTERED,
  WITHOUT_SUPPLIER,
} from './sampleRegister.ts';

describe('Recipient v3: who may ask, and what is answered', () => {
  let database: Awaited<ReturnType<typeof createFarDatabase>>;
  let service: RecipientService;
  before(async () => {
    database = await createFarDatabase();
    await fillSampleRegister(database.pool);
    service = createRecipientService({ pool: database.pool, callerMustServeSender: true, certificateRule: 'issuer' });
  });
  after(() => database.close());

  const ask = (recipientId: readonly string[], senderOrgNr: string = MUNICIPALITY, caller = MUNICIPALITY) =>
    service.isReachable({ senderOrgNr, recipientId }, caller);

  it('answers every situation of FACTS d (scenario 11)', async () => {
    const ids = [
      REACHABLE,
      BLOCKS_MUNICIPALITY,
      UNREGISTERED,
      PENDING_COMPANY,
      WITHOUT_SUPPLIER,
      ANONYMOUS,
      DEREGISTERED,
    ];
    const answer = await ask(ids);
    assert.deepEqual(
      answer.return.map(({ AccountStatus, SenderAccepted }) => [
        AccountStatus.RecipientId,
        AccountStatus.Type,
        AccountStatus.Pending,
        AccountStatus.ServiceSupplier?.Id,
        AccountStatus.LastRegistration,
        SenderAccepted,
      ]),
      [
        [REACHABLE, 'Secure', false, OPERATOR, '2016-10-30T15:38:49.517+01:00', true],
        [BLOCKS_MUNICIPALITY, 'Secure', false, OPERATOR, '2016-10-30T15:38:49.517+01:00', false],
        [UNREGISTERED, 'Not', false, undefined, undefined, false],
        [PENDING_COMPANY, 'Secure', true, OPERATOR, '2016-10-30T15:38:49.517+01:00', true],
        [WITHOUT_SUPPLIER, 'Secure', false, undefined, '2016-10-30T15:38:49.517+01:00', true],
        [ANONYMOUS, 'Anonymous', false, OPERATOR, '2016-10-30T15:38:49.517+01:00', false],
        [DEREGISTERED, 'Not', false, undefined, undefined, false],
      ],
    );
  });

  it('knows coordination numbers and people born before 1900 (scenario 12)', async () => {
    const { return: answers } = await service.isRegistered(
      { recipientId: [COORDINATION, WITHOUT_SUPPLIER] },
      MUNICIPALITY,
    );
    assert.deepEqual(
      answers.map((answer) => answer.Type),
      ['Secure', 'Secure'],
    );
  });

  it('asks for the sender and not for the dispatcher: a block of one leaves the other', async () => {
    assert.equal((await ask([BLOCKS_MUNICIPALITY], SERVED)).return[0]?.SenderAccepted, true);
    assert.equal((await ask([BLOCKS_MUNICIPALITY], MUNICIPALITY)).return[0]?.SenderAccepted, false);
  });

  it('gives one answer per asked id in the order of the request, also for doubles', async () => {
    const ids = [UNREGISTERED, REACHABLE, UNREGISTERED, COORDINATION, REACHABLE];
    const reachable = await ask(ids);
    assert.deepEqual(
      reachable.return.map((each) => each.AccountStatus.RecipientId),
      ids,
    );
    const registered = await service.isRegistered({ recipientId: ids }, MUNICIPALITY);
    assert.deepEqual(
      registered.return.map((each) => each.RecipientId),
      ids,
    );
  });

  it('answers Not for a number that cannot exist, and looks nobody up for it: wrong day, wrong check digit', async () => {
    const impossible = ['192702308354', '192705178355', '165591628137', '197010921234'];
    // loaded past every check, as nothing of ours would
    await database.pool.query(
      `insert into account (recipient_id, registered_at, account_type, pending)
       select unnest($1::bigint[]), now(), 'S', false`,
      [impossible],
    );
    const { return: answers } = await ask([...impossible, REACHABLE]);
    assert.deepEqual(
      answers.map(({ AccountStatus: { RecipientId, Type } }) => [RecipientId, Type]),
      [...impossible.map((id) => [id, 'Not']), [REACHABLE, 'Secure']],
    );
    await database.pool.query('delete from account where recipient_id = any ($1::bigint[])', [impossible]);
  });

  it('answers no ids with no answers', async () => {
    assert.deepEqual(await ask([]), { return: [] });
  });

  it('answers 1000 ids and refuses 1001 (5005)', async () => {
    const ids = Array.from({ length: IS_REACHABLE_RECIPIENTS_MAX }, (_, index) => String(190_001_010_000 + index));
    assert.equal((await ask(ids)).return.length, 1000);
    const message = 'Max exceeded: at most 1000 recipientId';
    await refused(ask([...ids, REACHABLE]), 5005, message);
    await refused(service.isRegistered({ recipientId: [...ids, REACHABLE] }, MUNICIPALITY), 5005, message);
  });

  it('refuses an organisation that is in no register (5002), whatever it asks', async () => {
    await refused(ask([REACHABLE], MUNICIPALITY, STRANGER), 5002, 'Access denied');
    await refused(ask([], STRANGER, STRANGER), 5002, 'Access denied');
    await refused(service.isRegistered({ recipientId: [REACHABLE] }, STRANGER), 5002, 'Access denied');
  });

  it('refuses to ask for one who is no registered sender (5014)', async () => {
    await refused(ask([REACHABLE], OPERATOR), 5014, 'Sender is not registered as authorized sender.');
  });

  it('refuses to ask for a sender that the caller does not serve (6005), unless the setting allows it', async () => {
    const message = 'The dispatcher is not approved.';
    await refused(ask([REACHABLE], OTHER_SENDER), 6005, message);
    await refused(ask([REACHABLE], MUNICIPALITY, OPERATOR), 6005, message);
    const lenient = createRecipientService({
      pool: database.pool,
      callerMustServeSender: false,
      certificateRule: 'issuer',
    });
    const answer = await lenient.isReachable({ senderOrgNr: OTHER_SENDER, recipientId: [REACHABLE] }, OPERATOR);
    assert.equal(answer.return[0]?.SenderAccepted, true);
  });

  it('lets a sender ask for itself without being a dispatcher, and an operator ask who is registered', async () => {
    assert.equal((await ask([REACHABLE], OTHER_SENDER, OTHER_SENDER)).return[0]?.SenderAccepted, true);
    const { return: answers } = await service.isRegistered({ recipientId: [REACHABLE] }, OPERATOR);
    assert.equal(answers[0]?.Type, 'Secure');
  });

  it('refuses digits of other scripts, which the schema lets pass (5001)', async () => {
    const arabic = [...REACHABLE].map((digit) => String.fromCodePoint(0x0660 + Number(digit))).join('');
    const message = 'Invalid input: an id has other digits than 0-9';
    await refused(ask([arabic]), 5001, message);
    await refused(ask([REACHABLE], `16${arabic.slice(2)}`), 5001, message);
  });

  it('answers each question from one moment while a preference changes to and fro', async () => {
    const register = createRegister(database.pool);
    let changing = true;
    const changes = (async () => {
      for (let round = 0; changing; round += 1) {
        await (round % 2 === 0 ? register.blockSender : register.acceptSender)(COORDINATION, MUNICIPALITY);
      }
    })();
    const doubles = Array.from({ length: 500 }, () => COORDINATION);
    for (let round = 0; round < 30; round += 1) {
      const answers = (await ask(doubles)).return;
      assert.equal(new Set(answers.map((each) => each.SenderAccepted)).size, 1, 'one answer, two moments');
    }
    changing = false;
    await changes;
    await register.acceptSender(COORDINATION, MUNICIPALITY);
  });

  it('answers the same question the same way again', async () => {
    const ids = [REACHABLE, BLOCKS_MUNICIPALITY, UNREGISTERED];
    assert.deepEqual(await ask(ids), await ask(ids));
  });
});

async function refused(work: Promise<unknown>, code: number, description: string): Promise<void> {
  await assert.rejects(work, (err: unknown) => {
    assert.ok(err instanceof ContractFault, String(err));
    assert.deepEqual([err.errorCode, err.description], [code, description]);
    return true;
  });
}
