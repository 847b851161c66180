import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Agreement, agreementLine, agreementText, isAgreementTo } from '../src/index.ts';

const REGISTER: Agreement = { action: 'register', recipientId: '192705178354', serviceSupplier: 'Mailbox.example' };

describe('an agreement text', () => {
  it('says in plain words what is agreed to', () => {
    assert.equal(
      agreementText('Våra villkor.\n', REGISTER),
      'Våra villkor.\n\nMottagare 192705178354 ansluter sig till Mina meddelanden med brevlåda hos mailbox.example.',
    );
    assert.equal(
      agreementLine({ ...REGISTER, action: 'deregister' }),
      'Mottagare 192705178354 lämnar Mina meddelanden och avslutar sin brevlåda hos mailbox.example.',
    );
    assert.equal(
      agreementLine({ ...REGISTER, action: 'changeServiceSupplier' }),
      'Mottagare 192705178354 byter brevlåda till mailbox.example.',
    );
  });

  it('names the accepted senders once each, in order of number', () => {
    const line = (acceptedSenders: string[]) =>
      agreementLine({ ...REGISTER, action: 'storeAccountPreferences', acceptedSenders });
    const start = 'Mottagare 192705178354 tar emot post i sin brevlåda hos mailbox.example från';
    assert.equal(
      line(['162021004748', '162021003898', '162021004748']),
      `${start} dessa avsändare: 162021003898, 162021004748.`,
    );
    assert.equal(line([]), `${start} inga avsändare.`);
  });

  it('is one to this action, recipient and operator, and to no other', () => {
    const text = agreementText('Villkor', REGISTER).replaceAll('\n', '\r\n');
    assert.equal(isAgreementTo(text, REGISTER), true);
    assert.equal(isAgreementTo(text, { ...REGISTER, recipientId: '191212121212' }), false);
    assert.equal(isAgreementTo(text, { ...REGISTER, serviceSupplier: 'other.example' }), false);
    assert.equal(isAgreementTo(text, { ...REGISTER, action: 'changeServiceSupplier' }), false);
    assert.equal(isAgreementTo(`Inte så att: ${agreementLine(REGISTER)}`, REGISTER), false);
    assert.equal(isAgreementTo('', REGISTER), false);
  });
});
