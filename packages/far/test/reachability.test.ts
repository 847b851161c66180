import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AccountFacts, accountStatus, reachabilityStatus } from '../src/reachability.ts';

const SUPPLIER = {
  Id: '165568402266',
  Name: 'Brevlådan',
  ServiceAdress: 'https://mailbox.example/service/v3',
  UIAdress: 'https://mailbox.example',
  InternalServiceAdress: '',
};
const SECURE: AccountFacts = {
  type: 'Secure',
  pending: false,
  supplier: SUPPLIER,
  registeredAtMs: Date.parse('2016-10-30T14:38:49.517Z'),
};
const ID = '192705178354';
const STATUS = {
  RecipientId: ID,
  Type: 'Secure',
  Pending: false,
  ServiceSupplier: SUPPLIER,
  LastRegistration: '2016-10-30T15:38:49.517+01:00',
};
const CHANGED_AT_MS = Date.parse('2024-07-01T22:30:00Z');

describe('the answer for one recipient (FACTS d)', () => {
  it('reachable: Secure, supplier, sender accepted without the recipient having said so', () => {
    assert.deepEqual(reachabilityStatus(ID, SECURE), { AccountStatus: STATUS, SenderAccepted: true });
  });

  it('opted out of this sender: the supplier is still told, the sender is not accepted', () => {
    assert.deepEqual(reachabilityStatus(ID, SECURE, { accepted: false, changedAtMs: CHANGED_AT_MS }), {
      AccountStatus: STATUS,
      SenderAccepted: false,
      LastSenderAcceptChange: '2024-07-02T00:30:00.000+02:00',
    });
  });

  it('opted in again: accepted, with the time of the change', () => {
    assert.deepEqual(reachabilityStatus(ID, SECURE, { accepted: true, changedAtMs: CHANGED_AT_MS }), {
      AccountStatus: STATUS,
      SenderAccepted: true,
      LastSenderAcceptChange: '2024-07-02T00:30:00.000+02:00',
    });
  });

  it('not registered: Not, no supplier, no registration, not accepted', () => {
    assert.deepEqual(reachabilityStatus(ID), {
      AccountStatus: { RecipientId: ID, Type: 'Not', Pending: false },
      SenderAccepted: false,
    });
  });

  it('deregistered: answered exactly like never registered, whatever was said before', () => {
    const deregistered: AccountFacts = { ...SECURE, type: 'Not', pending: true };
    const preference = { accepted: true, changedAtMs: CHANGED_AT_MS };
    assert.deepEqual(reachabilityStatus(ID, deregistered, preference), reachabilityStatus(ID));
    assert.deepEqual(accountStatus(ID, deregistered), accountStatus(ID));
  });

  it('pending company: Secure, pending, supplier present, sender accepted', () => {
    assert.deepEqual(reachabilityStatus(ID, { ...SECURE, pending: true }), {
      AccountStatus: { ...STATUS, Pending: true },
      SenderAccepted: true,
    });
  });

  it('supplier gone: the element is absent, the preference still counts', () => {
    const { supplier, ...withoutSupplier } = SECURE;
    const answer = reachabilityStatus(ID, withoutSupplier);
    assert.equal('ServiceSupplier' in answer.AccountStatus, false);
    assert.equal(answer.SenderAccepted, true);
    assert.equal(supplier, SUPPLIER);
  });

  it('anonymous: told as such, accepts no sender', () => {
    const answer = reachabilityStatus(ID, { ...SECURE, type: 'Anonymous' });
    assert.deepEqual(answer, { AccountStatus: { ...STATUS, Type: 'Anonymous' }, SenderAccepted: false });
  });
});
