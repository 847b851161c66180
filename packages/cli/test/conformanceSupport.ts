import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuedCertificate } from '@brevduva/protocol/testing';
import { runCli } from '../src/index.ts';

/** The parts of the JSON report that tests look at. */
export interface Report {
  target: { url: string; service: string; sender: string };
  summary: { passed: number; failed: number; skipped: number };
  checks: { id: string; clause: string; status: string; evidence: string }[];
}

/** The command line as a person uses it, with keys in files. */
export async function conformanceTool({ keys, caPem }: { keys: IssuedCertificate; caPem: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'brevduva-conformance-'));
  const files = { 'k.crt': keys.certPem, 'k.key': keys.keyPem, 'ca.crt': caPem };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));

  async function run(argv: readonly string[], more: { isTty?: boolean; stop?: AbortSignal } = {}) {
    const [out, err]: string[][] = [[], []];
    const code = await runCli(['conformance', ...argv], {
      out: (text) => void out?.push(text),
      err: (text) => void err?.push(text),
      isTty: more.isTty ?? false,
      env: {},
      cwd: folder,
      stop: more.stop ?? new AbortController().signal,
    });
    return { code, out: out?.join('') ?? '', err: err?.join('') ?? '' };
  }
  const keyOptions = ['--cert', 'k.crt', '--key', 'k.key', '--ca', 'ca.crt'];
  return {
    run,
    keyOptions,
    close: () => rm(folder, { recursive: true, force: true }),
    async check(
      url: string,
      more: readonly string[] = [],
    ): Promise<{ code: number; report: Report; failed: string[] }> {
      const { code, out, err } = await run(['--url', url, ...keyOptions, '--json', ...more]);
      assert.equal(err, '');
      const report = JSON.parse(out) as Report;
      return { code, report, failed: report.checks.filter((one) => one.status === 'failed').map(({ id }) => id) };
    },
  };
}
