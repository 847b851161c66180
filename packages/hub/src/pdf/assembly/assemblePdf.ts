import type { PDF } from '@libpdf/core';
import { createObjectFinder } from '../worker/objectFinder.ts';
import { createObjectCopier, createWrittenOnce } from './copyObjects.ts';
import { createOwnCopier } from './copyOwnObjects.ts';
import type { OwnPdf } from './ownPdf.ts';
import { createPageForms, type PageForm } from './pageForms.ts';
import { copyPages, createPageTree } from './pageTree.ts';
import { createPdfFileWriter, type WriteBytes } from './pdfFileWriter.ts';
import { textString } from './serializeObject.ts';
import { createStructureTree, sourceTree } from './structureTree.ts';
import { xmpMetadata } from './xmpMetadata.ts';

/** Joins documents to one PDF, a document at a time. Memory does not grow with their contents. */
export interface PdfAssembler {
  /**
   * All its pages; its structure tree comes along, so that what was tagged stays so. Numbers of pages count from 1.
   *
   * @param drawn what is drawn on top of its pages, by their index
   */
  addDocument(
    source: PDF,
    drawn?: readonly (PageForm | undefined)[],
  ): Promise<{ readonly firstPage: number; readonly pages: number }>;
  /** The same of a PDF of our own form, in a third of the time. */
  addOwnDocument(source: OwnPdf): Promise<{ readonly firstPage: number; readonly pages: number }>;
  addBlankPage(): void;
  finish(): Promise<{ readonly pages: number; readonly bytes: number }>;
}

export interface AssemblyFacts {
  readonly title: string;
  /** Of the whole; a document of another language keeps its own. */
  readonly language: string;
}

export function createPdfAssembler(facts: AssemblyFacts, write: WriteBytes): PdfAssembler {
  const writer = createPdfFileWriter(write);
  const once = createWrittenOnce();
  const pages = createPageTree(writer);
  const forms = createPageForms(writer, once);
  const structure = createStructureTree(writer);
  return {
    async addDocument(source, drawn = []) {
      const finder = createObjectFinder(source);
      const document = structure.begin(sourceTree(source, finder));
      const copier = createObjectCopier(source, writer, once, document?.base);
      const firstPage = pages.count + 1;
      copyPages(source, { finder, copier }, pages, { forms, drawn });
      document?.copyTree(copier);
      copier.finish();
      await writer.flush();
      return { firstPage, pages: pages.count + 1 - firstPage };
    },
    async addOwnDocument(source) {
      const document = structure.begin(source.tree);
      const copier = createOwnCopier(source, writer, once, document?.base);
      const firstPage = pages.count + 1;
      copier.copyPages(source.pages, pages);
      document?.copyTree(copier);
      copier.finish();
      await writer.flush();
      return { firstPage, pages: pages.count + 1 - firstPage };
    },
    addBlankPage: () => pages.addBlank(),
    async finish() {
      const pagesNumber = pages.finish();
      const structureNumber = structure.finish();
      const catalog = writer.allocate();
      const metadata = writer.allocate();
      writer.put(metadata, xmpMetadata(facts));
      const tags =
        structureNumber === undefined ? '' : `/MarkInfo<</Marked true>>/StructTreeRoot ${structureNumber} 0 R`;
      const shown = `/ViewerPreferences<</DisplayDocTitle true>>/Metadata ${metadata} 0 R`;
      writer.put(
        catalog,
        `<</Type/Catalog/Pages ${pagesNumber} 0 R/Lang ${textString(facts.language)}${shown}${tags}>>`,
      );
      const info = writer.allocate();
      writer.put(info, `<</Title ${textString(facts.title)}/Producer ${textString('Brevduva')}>>`);
      const bytes = await writer.finish(`/Root ${catalog} 0 R/Info ${info} 0 R`);
      return { pages: pages.count, bytes };
    },
  };
}
