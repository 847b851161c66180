import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createEid, type Eid, sign } from './userSignatureShared.ts';

/** Debian's xmlsec1 is the judge from outside. In CI it must be there; elsewhere its absence is said aloud. */
const hasXmlsec = spawnSync('xmlsec1', ['--version']).status === 0;
if (!hasXmlsec) {
  const notice = 'XMLSEC1 NOT FOUND: e-ID signatures are not checked by a foreign tool (apt-get install xmlsec1)';
  if (process.env['CI'] === 'true') throw new Error(notice);
  process.stderr.write(`${notice}\n`);
}

let eid: Eid;
let folder: string;
before(async () => {
  eid = await createEid();
  folder = mkdtempSync(join(tmpdir(), 'brevduva-eid-'));
});
after(() => rmSync(folder, { recursive: true }));

function xmlsec(document: string): number | null {
  const file = join(folder, 'document.xml');
  const ca = join(folder, 'ca.pem');
  writeFileSync(file, document);
  writeFileSync(ca, eid.issuer.caPem);
  const args = ['--verify', '--enabled-key-data', 'x509,rsa', '--trusted-pem', ca];
  return spawnSync('xmlsec1', [...args, file]).status;
}

describe('what a person signs', () => {
  it('verifies with xmlsec1, and not when one character is changed', { skip: !hasXmlsec }, async () => {
    const document = (await sign(eid)).Signature.toString();
    assert.equal(xmlsec(document), 0);
    assert.notEqual(xmlsec(document.replace('nonce-1', 'nonce-2')), 0);
  });
});
