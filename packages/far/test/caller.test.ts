import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callerRefusal } from '../src/caller.ts';

const STRICT = { callerMustServeSender: true, certificateRule: 'issuer' } as const;
const LOOSE = { ...STRICT, callerMustServeSender: false };
const certificate = null;
const asksFor = { isCaller: false, isRegistered: true, isServedByCaller: false };

describe('whether a caller may ask', () => {
  it('an unknown organisation never (5002), not even for a registered sender', () => {
    assert.equal(callerRefusal({ isKnown: false, certificate, asksFor }, LOOSE), 'ACCESS_DENIED');
    assert.equal(callerRefusal({ isKnown: false, certificate }, STRICT), 'ACCESS_DENIED');
  });

  it('for no registered sender: 5014', () => {
    assert.equal(
      callerRefusal({ isKnown: true, certificate, asksFor: { ...asksFor, isRegistered: false } }, STRICT),
      'UNKNOWN_SENDER',
    );
  });

  it('for a sender that it neither is nor serves: 6005, unless the setting allows it', () => {
    assert.equal(callerRefusal({ isKnown: true, certificate, asksFor }, STRICT), 'DISPATCHER_NOT_APPROVED');
    assert.equal(callerRefusal({ isKnown: true, certificate, asksFor }, LOOSE), undefined);
  });

  it('for itself, for a sender it serves, or without naming one: yes', () => {
    assert.equal(
      callerRefusal({ isKnown: true, certificate, asksFor: { ...asksFor, isCaller: true } }, STRICT),
      undefined,
    );
    assert.equal(
      callerRefusal({ isKnown: true, certificate, asksFor: { ...asksFor, isServedByCaller: true } }, STRICT),
      undefined,
    );
    assert.equal(callerRefusal({ isKnown: true, certificate }, STRICT), undefined);
  });
});
