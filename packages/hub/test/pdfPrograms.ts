import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { RectangleMm } from '../src/paper/printLayout.ts';

/**
 * Whether the programs that judge our PDFs from outside are here. Missing ones fail in CI; elsewhere the test is
 * skipped loudly. Install: apt-get install poppler-utils qpdf.
 */
export function requirePrograms(context: TestContext, names: readonly string[]): boolean {
  const missing = names.filter((name) => spawnSync(name, ['--version']).error !== undefined);
  if (missing.length === 0) return true;
  const notice = `PDF PROGRAMS NOT FOUND: ${missing.join(', ')} (apt-get install poppler-utils qpdf)`;
  if (process.env['CI'] === 'true') throw new Error(notice);
  process.stderr.write(`${notice}\n`);
  context.skip(notice);
  return false;
}

/** Standard output of a program that reads `bytes` as a file: `FILE` among the arguments stands for its path. */
export function runProgramOn(bytes: Buffer, name: string, args: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'brevduva-pdf-'));
  try {
    const file = join(folder, 'brev.pdf');
    writeFileSync(file, bytes);
    const replaced = args.map((argument) => (argument === 'FILE' ? file : argument));
    const result = spawnSync(name, replaced, { maxBuffer: 64 * 1024 * 1024 });
    if (result.error !== undefined) throw result.error;
    if (result.status !== 0) throw new Error(`${name} ${args.join(' ')}: ${result.stderr.toString()}`);
    return result.stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What Debian's dmtxread finds in a mark's zone on poppler's picture of the page. */
export function matrixIn(pdf: Buffer, page: number, zone: RectangleMm): string {
  const dpi = 300;
  const dots = (mm: number) => String(Math.round((mm * dpi) / 25.4));
  const { left, top, width, height } = zone;
  const place = ['-x', dots(left - 1), '-y', dots(top + height - 14), '-W', dots(width + 2), '-H', dots(15)];
  const range = ['-f', String(page), '-l', String(page), '-r', String(dpi)];
  const picture = runProgramOn(pdf, 'pdftoppm', ['-png', ...range, ...place, 'FILE']);
  const { stdout, error } = spawnSync('dmtxread', ['-N1', '-m2000', '-'], { input: picture });
  if (error !== undefined) throw error;
  return stdout.toString();
}
