import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  deliverSecureRequest,
  type Encodable,
  originalDelivery,
  type RecipientId,
  type RequestOf,
  rebuildStandalone,
  sealDelivery,
  serviceService,
  signDelivery,
  verifySealedDelivery,
} from '../src/index.ts';
import { SAME_MEANING, wireRequest } from '../src/testing/index.ts';
import { createSigningParties, SEAL, type SigningParties, testDelivery } from './signatureParties.ts';
import { refusedWith, sharedExample, withSharedExamples } from './signatureShared.ts';

const { deliverForward } = serviceService.operations;

function forward(source: Buffer): Buffer {
  const request: Encodable<RequestOf<typeof deliverForward>> = {
    forwardMessage: {
      Header: { Sender: { Id: '192705178354' as RecipientId, Name: 'Anna' }, Recipient: ['191212121212'] },
      Message: { Subject: 'Se här', Body: { ContentType: 'text/plain', Body: Buffer.from('Hej') } },
      OrginalDelivery: originalDelivery(source),
    },
  };
  return wireRequest(deliverForward, request);
}

describe('a sealed delivery that is passed on', () => {
  let parties: SigningParties;
  let request: Buffer;
  before(async () => {
    parties = await createSigningParties();
    const signed = await signDelivery(testDelivery(), parties.sender);
    request = deliverSecureRequest(await sealDelivery(signed, SEAL, parties.dispatcher));
  });

  it('keeps both signatures, however it was written and however often it is passed on', () => {
    const sources = [request, SAME_MEANING.otherPrefixes(request), rebuildStandalone(request).sealedDelivery];
    const { trust } = parties;
    const wanted = rebuildStandalone(request);
    for (const source of [...sources, forward(request), forward(forward(request))]) {
      const passedOn = forward(source);
      const verified = verifySealedDelivery(passedOn, { trust, now: new Date() });
      assert.equal(verified.delivery.Header.Recipient, '192705178354');
      assert.deepEqual(rebuildStandalone(passedOn), wanted);
    }
  });

  it('also one that other software wrote', { skip: !withSharedExamples }, () => {
    for (const name of ['service-deliverSecure-req-sha256', 'real-deliverSecure-kivra-ews-2023']) {
      const source = sharedExample(`${name}.xml`);
      assert.deepEqual(rebuildStandalone(forward(source)), rebuildStandalone(source));
    }
  });

  it('is refused when it is none', () => {
    refusedWith('DOCUMENT', undefined, () => originalDelivery(Buffer.from('<a/>')));
    refusedWith('FORBIDDEN_NODE', 'sealed', () =>
      originalDelivery(Buffer.from(request.toString().replace('<Delivery>', '<Delivery><!-- -->'))),
    );
  });
});
