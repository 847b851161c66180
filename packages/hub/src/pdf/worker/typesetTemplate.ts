import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type PdfFault, type PdfRefusal, pdfFault } from '../faults.ts';
import { DOCUMENT_PAGES_MAX, type TemplateLetter, type TypesetDocument } from '../templateLetter.ts';
import { letterHead, printable } from './letterData.ts';
import { forgetOldDocuments, useCompiler } from './typstCompiler.ts';

const MAIN = readFileSync(new URL('../template/main.typ', import.meta.url), 'utf8');
const HELPERS = readFileSync(new URL('../template/brevduva.typ', import.meta.url));
const DOCUMENT = 'document.typ';
const FAULTS_MAX = 10;

/** A letter by an organisation's template, as PDF/A-2a. The source is anybody's: every fault of it is told, and none is ours. */
export function typesetTemplate(letter: TemplateLetter): TypesetDocument | PdfRefusal {
  const { data, faults } = printable(dataOf(letter));
  if (faults.length > 0) return { faults };
  const { node, workspace } = useCompiler();
  try {
    node.mapShadow(join(workspace, DOCUMENT), Buffer.from(letter.source));
    node.mapShadow(join(workspace, 'brevduva.typ'), HELPERS);
    const compiled = node.compile({
      mainFileContent: MAIN,
      inputs: { data: JSON.stringify(data) },
      resetRead: true,
    });
    if (compiled.result === null) {
      const error = compiled.takeDiagnostics();
      return { faults: error === null ? [pdfFault('HUB_TEMPLATE_FAULT')] : faultsOf(node.fetchDiagnostics(error)) };
    }
    const pages = compiled.result.numOfPages;
    if (pages > DOCUMENT_PAGES_MAX) return { faults: [pdfFault('HUB_TEMPLATE_PAGES', `${pages}`)] };
    return { pdf: node.pdf(compiled.result, { pdfStandard: 'a-2a' }), pages };
  } catch (error) {
    return { faults: [standardFault(error)] };
  } finally {
    node.resetShadow();
    forgetOldDocuments();
  }
}

function dataOf(letter: TemplateLetter) {
  const { words, support, ...head } = letterHead(letter);
  return {
    ...head,
    organisation: letter.sender.name,
    date: letter.date,
    reference: letter.reference ?? null,
    recipient: letter.recipient ?? { name: '', lines: [] },
    values: letter.values,
    trial: letter.isTrial === true,
    words: { page: words.page, questions: words.questions },
    support: support.flatMap((part) =>
      part.kind === 'break' ? [] : [{ text: part.text, href: part.kind === 'link' ? part.href : null }],
    ),
  };
}

/** As the compiler gives it: where in which file, lines from 0. */
interface Diagnostic {
  readonly message: string;
  readonly path?: string;
  readonly range?: { readonly start?: { readonly line?: number } } | null;
  readonly severity: number;
}

const ERROR = 1;

function faultsOf(diagnostics: readonly Diagnostic[]): PdfFault[] {
  const errors = diagnostics.filter(({ severity }) => severity === ERROR).slice(0, FAULTS_MAX);
  if (errors.length === 0) return [pdfFault('HUB_TEMPLATE_FAULT')];
  // The place in the template, also where one of our helpers stopped.
  const inTemplate = diagnostics.find(({ path = '', range }) => basename(path) === DOCUMENT && range);
  return errors.map((error) => faultOf(error, basename(error.path ?? '') === DOCUMENT ? error : inTemplate));
}

/** The compiler has one kind of error and tells them apart in words only; what it says beside is kept as it is. */
function faultOf({ message }: Diagnostic, at: Diagnostic | undefined): PdfFault {
  const line = at?.range?.start?.line;
  const where = line === undefined ? '' : `rad ${line + 1}`;
  const value = /^panicked with: "BREVDUVA_VALUE (.*)"$/.exec(message)?.[1];
  if (value !== undefined) return pdfFault('HUB_TEMPLATE_VALUE', [where, value].filter(Boolean).join(': '));
  if (/package/.test(message)) return pdfFault('HUB_TEMPLATE_PACKAGE', where || undefined);
  if (/^(?:file not found|failed to load file|failed to load linked)/.test(message)) {
    return pdfFault('HUB_TEMPLATE_FILE', where || undefined);
  }
  return pdfFault('HUB_TEMPLATE_FAULT', [where, shortened(message)].filter(Boolean).join(': '));
}

/** What the standard wants is found when the PDF is written: a picture without alternative text, most often. */
function standardFault(error: unknown): PdfFault {
  const message = error instanceof Error ? error.message : String(error);
  const said = /message: "([^"]*)"/.exec(message)?.[1];
  const hint = /hints: \["([^"]*)"/.exec(message)?.[1];
  return pdfFault('HUB_TEMPLATE_FAULT', shortened([said ?? message, hint].filter(Boolean).join('; ')));
}

const MESSAGE_CHARS_MAX = 200;

/** Without where our folder lies. */
function shortened(message: string): string {
  const plain = message.replace(/\(searched (?:at|for)[^)]*\)/g, '').trim();
  return plain.length > MESSAGE_CHARS_MAX ? `${plain.slice(0, MESSAGE_CHARS_MAX)}…` : plain;
}
