import { DOCUMENT_CHARS_MAX } from '../pdf/templateLetter.ts';
import type { TemplateSettings } from './configuration.ts';
import type { ReadFileBeside } from './filesBeside.ts';
import type { ObjectReader, TextRule } from './objectReader.ts';

const LANGUAGE = { pattern: /^[a-z]{2,3}(?:-?[A-Z]{2})?$/, patternText: 'ska vara ett språk, som svSE eller sv-SE' };
const LANGUAGE_DEFAULT = 'svSE';
const MESSAGE: TextRule = { layout: 'text', charsMax: 100_000 };
const DOCUMENT: TextRule = { layout: 'text', charsMax: DOCUMENT_CHARS_MAX };
const FILE = {
  pattern: /^(?![/\\])(?!.*(?:^|[/\\])\.\.(?:[/\\]|$))[^\\]+$/,
  patternText: 'ska vara en fil i konfigurationsfilens mapp eller under den',
};

/** A template as the file has it: its document in the file itself, or in one beside it. */
export function readTemplate(at: ObjectReader, code: TextRule, files: ReadFileBeside | undefined): TemplateSettings {
  const template: TemplateSettings = {
    code: at.text('code', code),
    name: at.text('name'),
    language: at.optionalText('language', LANGUAGE) ?? LANGUAGE_DEFAULT,
    subject: at.text('subject'),
    contentType: at.choice('contentType', ['text/plain', 'text/html'], 'text/plain'),
    message: at.text('message', MESSAGE),
    document: readDocument(at, files),
  };
  at.end();
  return template;
}

function readDocument(at: ObjectReader, files: ReadFileBeside | undefined): string | undefined {
  const written = at.written('document');
  if (typeof written !== 'object' || written === null) return at.optionalText('document', DOCUMENT);
  const inside = at.object('document');
  const path = inside.text('file', FILE);
  inside.end();
  if (path === '') return undefined;
  const text = files?.(path);
  if (text === undefined) {
    inside.fault('file', `Filen ${path} finns inte bredvid konfigurationsfilen, eller är för stor.`);
  } else if ([...text].length > DOCUMENT_CHARS_MAX || text.trim() === '') {
    inside.fault('file', `Filen ${path} är tom, eller har fler än ${DOCUMENT_CHARS_MAX} tecken.`);
  }
  return text;
}
