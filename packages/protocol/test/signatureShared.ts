import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { XmlC14NMode, XmlDocument, XmlStringOutputBufferHandler } from 'libxml2-wasm';
import { SIGNATURE_FAULTS, SignatureError, type SignatureFault, type SignatureLayer } from '../src/index.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SHARED = resolve(ROOT, process.env['BREVDUVA_SHARED'] ?? '../shared');

/** Whether the published examples are there; they stay outside the repository. In CI they must be. */
export const withSharedExamples = findShared();

function findShared(): boolean {
  if (existsSync(join(SHARED, 'examples'))) return true;
  const notice = `SHARED CONTRACT NOT FOUND: ${SHARED} (set BREVDUVA_SHARED)`;
  if (process.env['CI'] === 'true') throw new Error(notice);
  process.stderr.write(`${notice}\n`);
  return false;
}

export function sharedExample(name: string): Buffer {
  return readFileSync(join(SHARED, 'examples', name));
}

/** The certificates that a message carries, in document order, as PEM. */
export function certificatesIn(source: Buffer): string[] {
  const found = source.toString().matchAll(/X509Certificate>([^<]+)<\//g);
  return [...found].map(([, base64]) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`);
}

/** A document in the exclusive canonical form of libxml2: an opinion that is not ours. */
export function canonicalDocument(bytes: Buffer): string {
  const doc = XmlDocument.fromBuffer(bytes);
  try {
    const handler = new XmlStringOutputBufferHandler();
    doc.canonicalize(handler, { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 });
    return handler.result;
  } finally {
    doc.dispose();
  }
}

/** Asserts a refusal: its code, the layer it is about and its message. */
export function refusedWith(code: SignatureFault, layer: SignatureLayer | undefined, run: () => unknown): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof SignatureError, `must be a SignatureError, was ${error}`);
    assert.deepEqual({ code: error.code, layer: error.layer }, { code, layer });
    assert.ok(error.message.startsWith(SIGNATURE_FAULTS[code]));
    return true;
  });
}
