import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  AccountTypes,
  Invoice,
  OfficialMatter,
  RequestOf,
  ResponseOf,
  SealedDelivery,
  Sender,
} from '../src/index.ts';
import { type recipientService, XmlFragment } from '../src/index.ts';

/** True only if the two types are the same; otherwise this file does not compile. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

const same = <T extends true>(it: T): T => it;

test('types are inferred from the description: required, optional, repeated, enumerated', () => {
  same<Same<Sender, { Id: string; Name: string; Attention?: string }>>(true);
  same<Same<AccountTypes, 'Secure' | 'Anonymous' | 'Not'>>(true);
  same<Same<Invoice['Amount'], { content: bigint; CurrencyCode?: string }>>(true);
  same<Same<Pick<SealedDelivery, 'Id' | 'Signature'>, { Id?: string; Signature: XmlFragment }>>(true);
  same<Same<OfficialMatter['any'], XmlFragment[] | undefined>>(true);
  type IsReachable = (typeof recipientService)['operations']['isReachable'];
  same<Same<RequestOf<IsReachable>, { senderOrgNr: string; recipientId: string[] }>>(true);
  same<Same<ResponseOf<IsReachable>['return'][number]['SenderAccepted'], boolean>>(true);
});

test('a fragment drops its declaration where the parent has the same namespace', () => {
  const fragment = new XmlFragment('urn:a', 'Part', '<Part xmlns="urn:a" Id="x"><Inner></Inner></Part>');
  assert.equal(fragment.within('urn:b'), fragment.xml);
  assert.equal(fragment.within('urn:a'), '<Part Id="x"><Inner></Inner></Part>');
});

test('a fragment in no namespace says so inside one', () => {
  const fragment = new XmlFragment('', 'arg0', '<arg0>x</arg0>');
  assert.equal(fragment.within(''), '<arg0>x</arg0>');
  assert.equal(fragment.within('urn:b'), '<arg0 xmlns="">x</arg0>');
});

test('a fragment whose text is of another element is refused', () => {
  const make = () => new XmlFragment('urn:a', 'Part', '<Part xmlns="urn:b"></Part>');
  assert.throws(make, { message: 'an XML fragment of Part must begin with <Part xmlns="urn:a"' });
  const longerName = () => new XmlFragment('', 'Part', '<Parts></Parts>');
  assert.throws(longerName, { message: 'an XML fragment of Part must begin with <Part' });
});
