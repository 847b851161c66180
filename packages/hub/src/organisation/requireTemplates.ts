import { appError } from '@brevduva/base';
import { HUB_ERRORS } from '../errors.ts';
import { createPdfComposer } from '../pdf/compose.ts';
import { ANY_DAY } from '../pdf/templateLetter.ts';
import type { OrganisationConfiguration, TemplateSettings } from './configuration.ts';
import type { PathFault } from './objectReader.ts';

/** A letter takes 5–50 ms; a template that needs seconds would hold up everybody's mail. */
const TRIAL_MS_MAX = 5_000;

/**
 * Refuses a configuration with a template whose document cannot be typeset, of those that are `wanted`.
 *
 * @throws AppError HUB_CONFIGURATION_INVALID with every fault
 */
export async function requireTemplates(
  configuration: Pick<OrganisationConfiguration, 'organisation' | 'templates'>,
  wanted: (template: TemplateSettings) => boolean = () => true,
): Promise<void> {
  const faults = await tryTemplates(configuration, wanted);
  if (faults.length === 0) return;
  const told = faults.map((fault) => ({ code: 'HUB_CONFIGURATION_FAULT' satisfies keyof typeof HUB_ERRORS, ...fault }));
  throw appError(HUB_ERRORS, 'HUB_CONFIGURATION_INVALID', { faults: told });
}

/**
 * Typesets each document of the templates once, as it would be without recipients, and tells every fault with its line. Nothing else
 * shows that a template is right.
 */
async function tryTemplates(
  { organisation, templates }: Pick<OrganisationConfiguration, 'organisation' | 'templates'>,
  wanted: (template: TemplateSettings) => boolean,
): Promise<PathFault[]> {
  const tried = templates.flatMap((template) =>
    template.document !== undefined && wanted(template) ? [{ template, source: template.document }] : [],
  );
  if (tried.length === 0) return [];
  const composer = createPdfComposer({ jobTimeMs: TRIAL_MS_MAX });
  try {
    const faults: PathFault[] = [];
    for (const { template, source } of tried) {
      const { subject, language } = template;
      const sender = { name: organisation.name, unit: '', support: organisation.support };
      const letter = { source, subject, language, sender, date: ANY_DAY, values: {}, isTrial: true };
      const result = await composer.composeTemplate(letter);
      if (!('faults' in result)) continue;
      faults.push(...result.faults.map(({ text }) => ({ path: `templates/${template.code}/document`, text })));
    }
    return faults;
  } finally {
    await composer.close();
  }
}
