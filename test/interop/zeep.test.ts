import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { CONTRACT_SERVICES } from '@brevduva/protocol';
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from '@brevduva/protocol/testing';
import { startContractServer } from './contractServer.ts';
import {
  AUTHORITY_SAMPLES,
  MESSAGE_SAMPLES,
  NOTIFICATION_SAMPLES,
  RECIPIENT_SAMPLES,
  SERVICE_SAMPLES,
} from './samples.ts';
import { askZeep, plain, withSignatures, type ZeepFault, type ZeepResult, zeepTest } from './zeep.ts';

const SAMPLES: Readonly<Record<string, Readonly<Record<string, { request: object; response: object }>>>> = {
  Recipient: RECIPIENT_SAMPLES,
  Service: SERVICE_SAMPLES,
  Message: MESSAGE_SAMPLES,
  Notification: NOTIFICATION_SAMPLES,
  Authority: AUTHORITY_SAMPLES,
};
const REFUSED = '165560000001';
let authority: TestAuthority;
let caller: IssuedCertificate;
let refused: IssuedCertificate;
let server: Awaited<ReturnType<typeof startContractServer>>;

before(async () => {
  authority = await createTestAuthority({ name: 'Test CA' });
  const issue = (organizationNumber: string) => authority.issue({ organizationNumber, commonName: 'Test' });
  const [own, ...callers] = await Promise.all(['162021006883', '162021004748', REFUSED].map(issue));
  assert.ok(own && callers[0] && callers[1]);
  [caller, refused] = [callers[0], callers[1]];
  server = await startContractServer({ own, caPem: authority.caPem, answers: SAMPLES, refused: REFUSED });
});
after(() => server.close());

for (const { name, operations } of CONTRACT_SERVICES) {
  zeepTest(`zeep reads the WSDL of ${name} and calls every operation with every field`, async () => {
    server.heard.length = 0;
    const samples = SAMPLES[name] ?? {};
    const names = Object.keys(operations);
    const [service] = await askZeep({ own: caller, caPem: authority.caPem }, [
      {
        wsdl: `${server.url(name)}?wsdl`,
        calls: names.map((operation) => ({ operation, request: withSignatures(samples[operation]?.request) })),
      },
    ]);
    assert.deepEqual(service?.operations, [...names].sort());
    for (const [index, operation] of names.entries()) {
      const result: ZeepResult | undefined = service.calls[index];
      assert.ok(result && 'answer' in result, `${operation}: ${JSON.stringify(result)}`);
      assert.deepEqual(plain(result.answer), unwrapped(samples[operation]?.response), `${operation}: what zeep read`);
      const heard = server.heard.find((one) => one.operation === operation);
      assert.deepEqual(plain(heard?.request), plain(samples[operation]?.request), `${operation}: what zeep sent`);
    }
  });

  zeepTest(`zeep reads the faults of ${name}`, async () => {
    const samples = SAMPLES[name] ?? {};
    const [service] = await askZeep({ own: refused, caPem: authority.caPem }, [
      {
        wsdl: `${server.url(name)}?wsdl`,
        calls: Object.entries(samples).map(([operation, { request }]) => ({
          operation,
          request: withSignatures(request),
        })),
      },
    ]);
    for (const [index, operation] of Object.keys(samples).entries()) {
      const fault = faultOf(service?.calls[index]);
      const element =
        name === 'Authority'
          ? `{http://minameddelanden.gov.se/Authority}${operation}Fault`
          : '{http://minameddelanden.gov.se/schema/Common/v3}applicationFault';
      assert.equal(fault.detail?.name, element);
      assert.equal(fault.detail.fields['ErrorCode'], '5002');
      assert.equal(fault.detail.fields['Description'], 'Access denied: so it was agreed');
      assert.match(fault.detail.fields['CallId'] ?? '', /^[\da-f-]{36}$/);
    }
  });
}

function faultOf(result: ZeepResult | undefined): ZeepFault {
  assert.ok(result && 'fault' in result, JSON.stringify(result));
  return result.fault;
}

/** zeep gives a wrapper's only child instead of the wrapper. */
function unwrapped(response: object | undefined): unknown {
  const values = Object.values(response ?? {});
  const value = plain(values.length === 1 ? values[0] : response);
  // … and None for a type whose every field is absent
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? null : value;
}
