import { createPdfComposer, type PdfComposer, type PdfComposerOptions } from './compose.ts';
import { createPdfInspector, type PdfInspector, type PdfInspectorOptions } from './inspect.ts';

/** All that hub does with PDFs. Two pools, so that a caseworker's intake never waits behind a mailing's print files. */
export type PdfTools = PdfInspector & PdfComposer;

/** Starts no process until the first job; idle ones do not keep the program alive. Close it at the end. */
export function createPdfTools(
  options: { inspect?: PdfInspectorOptions; compose?: PdfComposerOptions } = {},
): PdfTools {
  const inspector = createPdfInspector(options.inspect);
  const composer = createPdfComposer(options.compose);
  return {
    inspectPdf: inspector.inspectPdf,
    composeTextLetter: composer.composeTextLetter,
    composePrintPdf: composer.composePrintPdf,
    composeTemplate: composer.composeTemplate,
    async close() {
      await Promise.all([inspector.close(), composer.close()]);
    },
  };
}
