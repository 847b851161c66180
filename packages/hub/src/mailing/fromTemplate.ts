import type { Fault, Pool } from '@brevduva/base';
import { fault, isAbsent } from '../intake/draft.ts';
import type { TemplateSettings } from '../organisation/configuration.ts';
import { selectTemplate, selectTemplateOfFlow } from '../sql/templates.ts';
import type { MailingDocument } from './judgeShared.ts';

/** A mailing as handed in, with what its template says in the place of text of its own. */
export interface FromTemplate {
  readonly json: unknown;
  readonly document: MailingDocument | undefined;
  readonly faults: readonly Fault[];
}

/**
 * Takes subject, message and document from the template that a mailing names; or from its flow's, where it brings no text. Without either,
 * the mailing stands as it was handed in.
 */
export async function fromTemplate(json: unknown, organisationId: string, pool: Pool): Promise<FromTemplate> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { json, document: undefined, faults: [] };
  const { template: asked, ...fields } = json as Readonly<Record<string, unknown>>;
  const [faults, template] = await findTemplate(asked, fields, organisationId, pool);
  if (template === undefined) return { json: fields, document: undefined, faults };
  const { subject, message: text, contentType, language, code, name, document: source } = template;
  const body = { contentType, text };
  return {
    json: { ...fields, subject, body, language: fields['language'] ?? language },
    document: source === undefined ? undefined : { code, filename: filenameOf(name), source },
    faults: ['subject', 'body']
      .filter((field) => !isAbsent(fields[field]))
      .map((field) => fault('HUB_TEMPLATE_TEXT', field)),
  };
}

async function findTemplate(
  asked: unknown,
  fields: Readonly<Record<string, unknown>>,
  organisationId: string,
  pool: Pool,
): Promise<[Fault[], TemplateSettings | undefined]> {
  if (isAbsent(asked)) {
    const flow = fields['flow'];
    if (!isAbsent(fields['body']) || typeof flow !== 'string' || flow.includes('\0')) return [[], undefined];
    return [[], await selectTemplateOfFlow(pool, organisationId, flow)];
  }
  if (typeof asked !== 'string') return [[fault('HUB_FIELD_TYPE', 'template', 'Fältet ska vara text.')], undefined];
  const found = asked.includes('\0') ? undefined : await selectTemplate(pool, organisationId, asked);
  return [found === undefined ? [fault('HUB_TEMPLATE_UNKNOWN', 'template')] : [], found];
}

/** A name that every system takes as a file's. */
function filenameOf(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N} _-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, FILENAME_CHARS_MAX);
  return `${plain === '' ? 'Brev' : plain}.pdf`;
}

const FILENAME_CHARS_MAX = 100;
