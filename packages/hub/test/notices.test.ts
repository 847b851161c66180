import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createContentCipher } from '@brevduva/base';
import { checkContact } from '../src/contact.ts';
import { createContentStore } from '../src/content.ts';
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
