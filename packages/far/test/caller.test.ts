import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callerRefusal } from '../src/caller.ts';

const STRICT = { callerMustServeSender: true };
const asksFor = { isCaller: false, isRegistered: true, isServedByCaller: false };

describe('whether a caller may ask', () => {
  it('an unknown organisation never (5002), not even for a registered sender', () => {
    assert.equal(callerRefusal({ isKnown: false, asksFor }, { callerMustServeSender: false }), 'ACCESS_DENIED');
    assert.equal(callerRefusal({ isKnown: false }, STRICT), 'ACCESS_DENIED');
  });

  it('for no registered sender: 5014', () => {
    assert.equal(
      callerRefusal({ isKnown: true, asksFor: { ...asksFor, isRegistered: false } }, STRICT),
      'UNKNOWN_SENDER',
    );
  });

  it('for a sender that it neither is nor serves: 6005, unless the setting allows it', () => {
    assert.equal(callerRefusal({ isKnown: true, asksFor }, STRICT), 'DISPATCHER_NOT_APPROVED');
    assert.equal(callerRefusal({ isKnown: true, asksFor }, { callerMustServeSender: false }), undefined);
  });

  it('for itself, for a sender it serves, or without naming one: yes', () => {
    assert.equal(callerRefusal({ isKnown: true, asksFor: { ...asksFor, isCaller: true } }, STRICT), undefined);
    assert.equal(callerRefusal({ isKnown: true, asksFor: { ...asksFor, isServedByCaller: true } }, STRICT), undefined);
    assert.equal(callerRefusal({ isKnown: true }, STRICT), undefined);
  });
});
