import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort } from '@brevduva/base/testing';
import { deliverForward, forwardOf, notice, notify } from './handIns.ts';
import { CLIENT, startTestIssuer, type TestIssuer } from './issuer.ts';
import {
  clientOf,
  delivery,
  type Keys,
  makeKeys,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { PERSON_ANNA, PERSON_BO } from './people.ts';
import { startTestRegisterOwner, type TestRegisterOwner } from './registerOwner.ts';
import { Visitor } from './visitor.ts';

const ANNAS_OPERATOR = '165560360793';
let keys: Keys;
let issuer: TestIssuer;
let owner: TestRegisterOwner;
let operator: TestOperator;
let bo: Visitor;

before(async () => {
  keys = await makeKeys();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  issuer = await startTestIssuer(origin, { personnummer: PERSON_BO, name: 'Bo Berg' });
  owner = await startTestRegisterOwner(keys);
  owner.accounts.set(PERSON_ANNA, { operator: ANNAS_OPERATOR, serviceAddress: 'https://other.example/' });
  operator = await startTestOperator({
    keys,
    more: {
      far: owner.far,
      web: { host: '127.0.0.1', port, publicUrl: origin },
      oidc: { issuer: issuer.url, ...CLIENT },
    },
  });
  await operator.register.addAccounts([{ recipientId: PERSON_BO }]);
  bo = new Visitor(origin);
  await bo.open('/login?return=/inbox');
});
after(async () => {
  await operator.close();
  await Promise.all([owner.close(), issuer.stop()]);
});

async function pathOf(subject: string): Promise<string> {
  const inbox = await bo.open(`/inbox?q=${encodeURIComponent(subject)}`);
  const path = /href="(\/letter\/[\w-]+)"/.exec(inbox.text)?.[1];
  assert.ok(path, `no "${subject}" in the inbox`);
  return path;
}

test('a notice stands in the inbox as a notice, and is read as one', async () => {
  await operator.client.call(notify, operator.running.soapUrl, {
    notify: notice({ recipients: [PERSON_BO], text: 'Vi hämtar på onsdag <b>i stället</b>.' }),
  });
  const inbox = await bo.open('/inbox');
  assert.match(inbox.text, /Sophämtningen flyttas/);
  assert.match(inbox.text, /Avisering/);
  assert.match(inbox.text, /1 oläst brev/);
  const page = await bo.open(await pathOf('Sophämtningen'));
  assert.equal(page.status, 200);
  assert.match(page.text, /Vi hämtar på onsdag &lt;b&gt;i stället&lt;\/b&gt;\./);
  assert.match(page.text, /En avisering är inte underskriven/);
  assert.doesNotMatch(page.text, /Underskrivet av|Kontrollerat/);
  assert.match((await bo.open('/inbox')).text, /Inga olästa brev/);
});

test('a forwarded letter tells who passed it on, with her words, and the first sender with his proof', async () => {
  const caller = clientOf(
    keys,
    await keys.authority.issue({ organizationNumber: ANNAS_OPERATOR, commonName: 'other.example' }),
  );
  const original = await sealedRequest(keys, delivery({ subject: 'Bygglov beviljat', text: 'Ni får bygga.' }));
  const forward = forwardOf(original, { subject: 'Titta', text: 'Vi får bygga! <script>x()</script>' });
  await caller.call(deliverForward, operator.running.soapUrl, { forwardMessage: forward });
  caller.close();
  const inbox = await bo.open('/inbox');
  assert.match(inbox.text, /Bygglov beviljat/);
  assert.match(inbox.text, /Vidarebefordrat av Anna Andersson/);
  const page = await bo.open(await pathOf('Bygglov'));
  assert.match(page.text, /Vidarebefordrat av Anna Andersson/);
  assert.match(page.text, /Vi får bygga! &lt;script&gt;/);
  assert.match(page.text, /Ni får bygga\./);
  assert.match(page.text, /Underskrivet av/);
  assert.match(page.text, /Kommun A/);
  const english = await bo.open('/language?to=en&back=/inbox');
  assert.match(english.text, /Forwarded by Anna Andersson/);
  assert.match(english.text, /Notice/);
});
