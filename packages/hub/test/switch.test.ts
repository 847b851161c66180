import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ReachabilityStatus, RecipientId, ServiceSupplier } from '@brevduva/protocol';
import type { ExternalDispatcher } from '../src/externalDispatcher.ts';
import {
  decideChannel,
  needsEInvoiceRegistry,
  needsReachability,
  SWITCH_RULES,
  type SwitchFacts,
} from '../src/switch.ts';
import { externalDispatcher } from './support/claimedLetter.ts';

const SUPPLIER: ServiceSupplier = {
  Id: '165568402266',
  Name: 'Brevlådan',
  ServiceAdress: 'https://localhost:1/service/v3',
  InternalServiceAdress: '',
};

function status(account: Partial<ReachabilityStatus['AccountStatus']>, accepted = true): ReachabilityStatus {
  return {
    AccountStatus: {
      RecipientId: '191212121212',
      Type: 'Secure',
      Pending: false,
      ServiceSupplier: SUPPLIER,
      ...account,
    },
    SenderAccepted: accepted,
  };
}

const NOT_REGISTERED: ReachabilityStatus = {
  AccountStatus: { RecipientId: '191212121212', Type: 'Not', Pending: false },
  SenderAccepted: false,
};

function facts(changes: Partial<SwitchFacts>): SwitchFacts {
  return {
    recipient: '191212121212' as RecipientId,
    protectedIdentity: false,
    policy: 'digitalFirst',
    paperOrdered: false,
    isNotice: false,
    addressKnown: true,
    dispatcher: undefined,
    addressSource: undefined,
    reachability: status({}),
    digitalFailure: undefined,
    eInvoice: { kind: 'notInvoice' },
    lookups: 0,
    ...changes,
  };
}

test('a recipient with a mailbox that accepts the sender gets the letter there', () => {
  const decision = decideChannel(facts({}));
  assert.deepEqual(decision.ruling, { kind: 'digital', supplier: SUPPLIER });
  assert.equal(decision.rule, 'digitalMailbox');
  assert.deepEqual(
    decision.tried.map((each) => [each.rule, each.won]),
    [
      ['protectedIdentity', false],
      ['paperOrdered', false],
      ['unread', false],
      ['notice', false],
      ['paperOnlyFlow', false],
      ['eInvoice', false],
      ['externalDispatcher', false],
      ['digitalMailbox', true],
    ],
  );
});

test('a notice goes to the mailbox or nowhere, and the ruling says why', () => {
  const ruled = (changes: Partial<SwitchFacts>) => {
    const { ruling, rule, reason } = decideChannel(facts({ isNotice: true, ...changes }));
    assert.equal(rule, 'notice');
    return [ruling.kind, reason];
  };
  assert.deepEqual(ruled({}), ['notification', 'Mottagaren har en digital brevlåda hos Brevlådan.']);
  assert.deepEqual(ruled({ policy: 'paperOnly', reachability: NOT_REGISTERED }), [
    'unnotified',
    'Mottagaren har ingen digital brevlåda.',
  ]);
  assert.deepEqual(ruled({ digitalFailure: 'refused' }), ['unnotified', 'Brevlådeoperatören tog inte emot brevet.']);
  const [kind] = ruled({ digitalFailure: 'mailboxClosed', lookups: 1 });
  assert.equal(kind, 'notification', 'looked up once more');
});

test('scenario 11: four different reasons why a recipient cannot be reached digitally', () => {
  const { ServiceSupplier: _, ...withoutSupplier } = status({}).AccountStatus;
  const whys = [
    status({}, false),
    status({ Pending: true }),
    NOT_REGISTERED,
    { AccountStatus: withoutSupplier, SenderAccepted: true },
    status({ Type: 'Anonymous' }),
  ].map((reachability) => {
    const decision = decideChannel(facts({ reachability }));
    assert.deepEqual(decision.ruling, { kind: 'paper' });
    return decision.tried.find((each) => each.rule === 'digitalMailbox')?.why;
  });
  assert.deepEqual(whys, [
    'Mottagaren har valt bort digital post från avsändaren.',
    'Mottagarens brevlåda väntar på fler underskrifter.',
    'Mottagaren har ingen digital brevlåda.',
    'FaR anger ingen brevlådeoperatör för mottagaren.',
    'Mottagaren har ingen digital brevlåda.',
  ]);
});

test('scenario 11: a supplier never heard of is used, not refused', () => {
  const stranger = {
    ...SUPPLIER,
    Id: '165599999999',
    Name: 'Helt ny operatör',
    ServiceAdress: 'https://ny.example/v3',
  };
  const decision = decideChannel(facts({ reachability: status({ ServiceSupplier: stranger }) }));
  assert.deepEqual(decision.ruling, { kind: 'digital', supplier: stranger });
});

test('scenario 11: a supplier without an address is as good as none', () => {
  const reachability = status({ ServiceSupplier: { ...SUPPLIER, ServiceAdress: ' ' } });
  assert.deepEqual(decideChannel(facts({ reachability })).ruling, { kind: 'paper' });
});

test('without mailbox and address a person takes over', () => {
  const decision = decideChannel(facts({ reachability: NOT_REGISTERED, addressKnown: false }));
  assert.deepEqual(decision.ruling, { kind: 'case', reason: 'noChannel' });
  assert.equal(decision.tried.at(-1)?.rule, 'person');
});

test('scenario 21: a protected identity goes to a person whatever else is true, and is looked up nowhere', () => {
  const protectedFacts = facts({ protectedIdentity: true });
  assert.deepEqual(decideChannel(protectedFacts).ruling, { kind: 'case', reason: 'protectedIdentity' });
  assert.equal(needsReachability(protectedFacts), false);
});

test('a flow that demands paper never asks FaR', () => {
  const paperOnly = facts({ policy: 'paperOnly', reachability: undefined });
  assert.equal(needsReachability(paperOnly), false);
  assert.deepEqual(decideChannel(paperOnly).ruling, { kind: 'paper' });
});

test('paper ordered by a person wins over a mailbox, and needs an address', () => {
  assert.deepEqual(decideChannel(facts({ paperOrdered: true })).ruling, { kind: 'paper' });
  const without = decideChannel(facts({ paperOrdered: true, addressKnown: false, policy: 'digitalOnly' }));
  assert.deepEqual(without.ruling, { kind: 'case', reason: 'noChannel' });
});

test('scenario 10: a mailbox that closed is looked up again once, then the flow decides', () => {
  const first = facts({ digitalFailure: 'mailboxClosed', lookups: 1 });
  assert.equal(needsReachability(first), true);
  assert.equal(decideChannel(first).ruling.kind, 'digital');
  const second = facts({ digitalFailure: 'mailboxClosed', lookups: 2, reachability: undefined });
  assert.equal(needsReachability(second), false);
  assert.deepEqual(decideChannel(second).ruling, { kind: 'paper' });
  const digitalOnly = decideChannel({ ...second, policy: 'digitalOnly' });
  assert.deepEqual(digitalOnly.ruling, { kind: 'case', reason: 'digitalFailedPaperNotAllowed' });
});

for (const digitalFailure of ['refused', 'deadlinePassed', 'contentTooLarge'] as const) {
  test(`after ${digitalFailure} digital is not tried again`, () => {
    const failed = facts({ digitalFailure, lookups: 1, reachability: undefined });
    assert.equal(needsReachability(failed), false);
    assert.deepEqual(decideChannel(failed).ruling, { kind: 'paper' });
  });
}

test('a digital-only flow never falls to paper by itself', () => {
  const decision = decideChannel(facts({ policy: 'digitalOnly', reachability: NOT_REGISTERED }));
  assert.equal(decision.ruling.kind, 'case');
});

test('every rule wins for some facts, and every combination of facts gets a ruling', () => {
  const winners = new Set<string>();
  for (const policy of ['digitalFirst', 'digitalOnly', 'paperOnly'] as const)
    for (const addressKnown of [true, false])
      for (const paperOrdered of [true, false])
        for (const protectedIdentity of [true, false])
          for (const digitalFailure of [undefined, 'mailboxClosed', 'refused', 'unread'] as const)
            for (const lookups of [0, 1, 2])
              for (const addressSource of [undefined, 'found', 'protected', 'deceased', 'unknown'] as const)
                for (const [isNotice, reachability] of NOTICE_AND_ANSWER) {
                  const decision = decideChannel(
                    facts({
                      isNotice,
                      policy,
                      addressKnown,
                      paperOrdered,
                      protectedIdentity,
                      digitalFailure,
                      lookups,
                      reachability,
                      addressSource,
                    }),
                  );
                  winners.add(decision.rule);
                  // A notice never becomes a letter by itself, nor a letter a notice.
                  assert.equal(
                    ['notification', 'unnotified'].includes(decision.ruling.kind),
                    decision.rule === 'notice',
                  );
                  // Who has the letter in a mailbox gets it on paper too, or a person decides; never digitally twice.
                  if (digitalFailure === 'unread' && !isNotice)
                    assert.ok(['paper', 'case'].includes(decision.ruling.kind));
                  if (decision.rule === 'notice') assert.ok(isNotice && !paperOrdered && !protectedIdentity);
                  // Nothing automatic for those whom any register protects.
                  if (addressSource === 'protected') assert.deepEqual(decision.ruling.kind, 'case');
                  // Paper never without an address, digital never against a person's or the flow's word.
                  if (decision.ruling.kind === 'paper') assert.ok(addressKnown || addressSource === 'found');
                  if (decision.ruling.kind === 'digital')
                    assert.ok(!paperOrdered && policy !== 'paperOnly' && !protectedIdentity);
                }
  winners.add(decideChannel(facts({ eInvoice: { kind: 'wanted', address: { scheme: '0007', id: '1' } } })).rule);
  winners.add(decideChannel(facts({ dispatcher: externalDispatcher({}) })).rule);
  assert.deepEqual([...winners].sort(), SWITCH_RULES.map((rule) => rule.name).sort());
});

const NOTICE_AND_ANSWER = [true, false].flatMap((isNotice) =>
  [status({}), NOT_REGISTERED, undefined].map((reachability) => [isNotice, reachability] as const),
);

describe('an invoice that its recipient wants in the bank', () => {
  const ADDRESS = { scheme: '0007', id: '5568402266' };
  const wanted: SwitchFacts['eInvoice'] = { kind: 'wanted', address: ADDRESS };
  const ruled = (changes: Partial<SwitchFacts>) => {
    const { ruling, rule, reason } = decideChannel(facts({ eInvoice: wanted, ...changes }));
    return [ruling.kind, rule, reason];
  };

  test('goes as e-invoice before digital mail, and FaR is not asked', () => {
    assert.deepEqual(decideChannel(facts({ eInvoice: wanted })).ruling, { kind: 'eInvoice', address: ADDRESS });
    assert.equal(needsReachability(facts({ eInvoice: wanted })), false);
    assert.equal(ruled({ policy: 'digitalOnly' })[0], 'eInvoice');
  });

  test('order: e-invoice, digital mail, paper', () => {
    assert.equal(ruled({})[0], 'eInvoice');
    assert.equal(ruled({ eInvoice: { kind: 'notWanted' } })[0], 'digital');
    assert.equal(ruled({ eInvoice: { kind: 'notWanted' }, reachability: NOT_REGISTERED })[0], 'paper');
  });

  test('never goes there when something stronger says otherwise', () => {
    assert.deepEqual(ruled({ protectedIdentity: true }).slice(0, 2), ['case', 'protectedIdentity']);
    assert.deepEqual(ruled({ paperOrdered: true }).slice(0, 2), ['paper', 'paperOrdered']);
    assert.deepEqual(ruled({ policy: 'paperOnly' }).slice(0, 2), ['paper', 'paperOnlyFlow']);
    assert.deepEqual(ruled({ paperOrdered: true, addressKnown: false })[0], 'case', 'no address, and yet not the bank');
    assert.deepEqual(ruled({ isNotice: true })[0], 'notification');
  });

  test('rejected, it goes the next way, and the reason stands in the record', () => {
    const { ruling, tried } = decideChannel(facts({ eInvoice: { kind: 'failed', failure: 'eInvoiceRejected' } }));
    assert.equal(ruling.kind, 'digital');
    assert.equal(tried.find(({ rule }) => rule === 'eInvoice')?.why, 'E-fakturan togs inte emot.');
  });

  test('the registry is asked only where it decides something', () => {
    const asks = (changes: Partial<SwitchFacts>) =>
      needsEInvoiceRegistry(facts({ eInvoice: { kind: 'notAsked' }, ...changes }));
    assert.equal(asks({}), true);
    assert.deepEqual(
      [{ protectedIdentity: true }, { paperOrdered: true }, { isNotice: true }, { policy: 'paperOnly' as const }].map(
        asks,
      ),
      [false, false, false, false],
    );
    assert.equal(asks({ eInvoice: { kind: 'incomplete' } }), false);
  });
});

describe('an external dispatcher', () => {
  const ruled = (dispatcher: Partial<ExternalDispatcher>, changes: Partial<SwitchFacts> = {}) => {
    const { ruling, rule, reason } = decideChannel(facts({ dispatcher: externalDispatcher(dispatcher), ...changes }));
    return [ruling.kind, rule, reason];
  };

  test('gets who has a mailbox; who has none it prints, or we do, by what it takes and what goes along', () => {
    assert.deepEqual(ruled({}), [
      'dispatcher',
      'externalDispatcher',
      'Mottagaren har en digital brevlåda; Förmedlaren AB förmedlar brevet.',
    ]);
    const none = { reachability: NOT_REGISTERED };
    assert.deepEqual(ruled({}, { ...none, addressKnown: false }), [
      'dispatcher',
      'externalDispatcher',
      'Brevet kan inte gå digitalt; Förmedlaren AB skriver ut det.',
    ]);
    assert.equal(ruled({}, none)[1], 'paperAddress', 'its own address cannot go along');
    assert.equal(ruled({ addresses: 'metadata' }, none)[0], 'dispatcher');
    assert.equal(ruled({ takes: 'digital', addresses: 'metadata' }, none)[1], 'paperAddress');
    assert.equal(
      ruled({ addresses: 'metadata' }, { reachability: undefined })[1],
      'paperAddress',
      'never guessed there',
    );
  });

  test('that asks FaR itself is left to do so', () => {
    const them = { dispatcher: externalDispatcher({ asksRegister: 'them' }) };
    assert.equal(needsReachability(facts(them)), false);
    assert.equal(ruled({ asksRegister: 'them' }, { reachability: undefined })[0], 'dispatcher');
    assert.equal(needsReachability(facts({ ...them, isNotice: true })), true, 'a notice goes by notify');
    assert.equal(needsReachability(facts({ ...them, policy: 'digitalOnly' })), true, 'it might print it');
  });

  test('gets nothing that its own choice could send the wrong way', () => {
    assert.equal(ruled({}, { policy: 'paperOnly' })[1], 'paperOnlyFlow');
    assert.equal(ruled({}, { policy: 'digitalOnly' })[1], 'digitalMailbox');
    assert.equal(ruled({ takes: 'digital' }, { policy: 'digitalOnly' })[0], 'dispatcher');
    assert.equal(ruled({}, { paperOrdered: true })[1], 'paperOrdered');
    assert.equal(ruled({}, { protectedIdentity: true })[1], 'protectedIdentity');
  });

  test('that failed for good is not asked again: own paper, or a person', () => {
    for (const digitalFailure of [
      'dispatcherFailed',
      'dispatcherRefused',
      'deadlinePassed',
      'contentTooLarge',
    ] as const) {
      for (const asksRegister of ['us', 'them'] as const) {
        assert.equal(ruled({ asksRegister }, { digitalFailure })[1], 'paperAddress');
        assert.equal(ruled({ asksRegister }, { digitalFailure, addressKnown: false })[1], 'person');
      }
    }
    const only = { policy: 'digitalOnly', digitalFailure: 'dispatcherFailed' } as const;
    assert.equal(
      decideChannel(facts({ dispatcher: externalDispatcher({ takes: 'digital' }), ...only })).rule,
      'person',
    );
  });
});
