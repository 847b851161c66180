import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { XmlFragment } from '@brevduva/protocol';
import type { IssuedCertificate } from '@brevduva/protocol/testing';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PYTHON = join(ROOT, '.cache', 'zeep', 'bin', 'python');
const CLIENT = join(ROOT, 'test', 'interop', 'zeep_client.py');
const isInstalled = existsSync(PYTHON) && existsSync(join(ROOT, '.cache', 'zeep', 'installed'));
const inCi = process.env['CI'] === 'true';

/** A test with zeep: skipped loudly where it is not installed, failed there in CI. */
export function zeepTest(name: string, body: () => Promise<void>): void {
  if (isInstalled || inCi) {
    test(name, body);
    return;
  }
  process.stderr.write(`ZEEP NOT FOUND: run node scripts/zeep.mjs; skipped: ${name}\n`);
  test(name, { skip: 'ZEEP NOT FOUND' }, body);
}

export interface ZeepCall {
  operation: string;
  /** Values as our types have them, or `Plain`. */
  request: unknown;
}

export interface ZeepFault {
  message: string;
  code: string;
  detail: { name: string; fields: Record<string, string> } | null;
}

/** What zeep read from one answer. Bytes are Buffers again, dates and instants text. */
export type ZeepResult = { answer: unknown } | { fault: ZeepFault } | { error: string };

/** Runs the independent client: it reads each WSDL and makes the calls, over mutual TLS. Throws with its words. */
export async function askZeep(
  keys: { own: IssuedCertificate; caPem: string },
  services: readonly { wsdl: string; calls: readonly ZeepCall[] }[],
): Promise<{ operations: string[]; calls: ZeepResult[] }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'brevduva-zeep-'));
  try {
    const [cert, key, ca] = ['own.crt', 'own.key', 'ca.crt'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await Promise.all([writeFile(cert, keys.own.certPem), writeFile(key, keys.own.keyPem), writeFile(ca, keys.caPem)]);
    const plan = { cert, key, ca, services: services.map(({ wsdl, calls }) => ({ wsdl, calls: calls.map(marked) })) };
    return unmarked(JSON.parse(await runPython(JSON.stringify(plan)))) as {
      operations: string[];
      calls: ZeepResult[];
    }[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runPython(input: string): Promise<string> {
  const child = spawn(PYTHON, ['-I', CLIENT], { stdio: ['pipe', 'pipe', 'pipe'] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error('ZEEP NOT FOUND: run node scripts/zeep.mjs', { cause })));
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`zeep_client.py ended with ${code}: ${Buffer.concat(err).toString('utf8')}`);
  return Buffer.concat(out).toString('utf8');
}

/** JSON has no bytes and no dates, so both are marked. */
function marked(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return { $base64: value.toString('base64') };
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value === 'object' && value !== null) return mapValues(value, marked);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return { $dateTime: value };
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? { $date: value } : value;
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== 'object' || value === null) return value;
  const { $base64, $date, $dateTime } = value as Record<string, string | undefined>;
  if ($base64 !== undefined) return Buffer.from($base64, 'base64');
  return $date ?? $dateTime ?? mapValues(value, unmarked);
}

function mapValues(value: object, change: (one: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one)]));
}

/** A signature that is well formed and signs nothing, wherever the contract demands one. */
const EMPTY_SIGNATURE = {
  SignedInfo: {
    CanonicalizationMethod: { Algorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#' },
    SignatureMethod: { Algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256' },
    Reference: [
      {
        URI: '',
        // zeep wants to be told that the optional content is empty
        Transforms: {
          Transform: [{ Algorithm: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature', _value_1: [] }],
        },
        DigestMethod: { Algorithm: 'http://www.w3.org/2001/04/xmlenc#sha256' },
        DigestValue: Buffer.alloc(32),
      },
    ],
  },
  SignatureValue: { _value_1: Buffer.alloc(256) },
};

/** The contract demands signatures, and zeep cannot make our form: what it sends is signed by no one. */
export function withSignatures(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSignatures);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withSignatures(one)]));
  return 'Delivery' in value || 'Seal' in value ? { ...inner, Signature: EMPTY_SIGNATURE } : inner;
}

/**
 * A signature of ours as values, for zeep to write in its own way: other prefixes, another serialiser. That is how the
 * infrastructure's own clients send theirs (FACTS e.3), and the signature must survive it.
 */
export function signatureValues(xml: string) {
  const bytes = (name: string) => Buffer.from(textOf(xml, name), 'base64');
  const [signedInfo] = EMPTY_SIGNATURE.SignedInfo.Reference;
  return {
    SignedInfo: { ...EMPTY_SIGNATURE.SignedInfo, Reference: [{ ...signedInfo, DigestValue: bytes('DigestValue') }] },
    SignatureValue: { _value_1: bytes('SignatureValue') },
    KeyInfo: {
      _value_1: [
        {
          X509Data: {
            _value_1: [
              { X509SubjectName: textOf(xml, 'X509SubjectName') },
              { X509Certificate: bytes('X509Certificate') },
            ],
          },
        },
      ],
    },
  };
}

/** The text of the only element of a name, which must hold nothing that XML escapes. */
const textOf = (xml: string, name: string): string =>
  new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';

/** Without what is absent, by whatever name: empty lists, undefined, and the empty elements that zeep reads as None; and without signatures, which are XML for us. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  const kept = Object.entries(value).filter(
    ([, one]) =>
      one !== undefined && !(Array.isArray(one) && one.length === 0) && one !== '' && !(one instanceof XmlFragment),
  );
  return Object.fromEntries(kept.map(([name, one]) => [name, plain(one)]));
}
