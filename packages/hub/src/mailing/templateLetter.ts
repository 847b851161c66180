import type { FlowFacts, OrganisationFacts } from '../letter.ts';
import { type PostalAddress, printedLines } from '../paper/address.ts';
import type { TemplateLetter } from '../pdf/templateLetter.ts';
import type { Values } from './placeholders.ts';

/** What a letter's own document is made of. The same letter gives the same bytes: when it is previewed, composed, or composed again. */
export function templateLetter(
  source: string,
  letter: {
    readonly organisation: Pick<OrganisationFacts, 'name' | 'support'>;
    readonly flow: Pick<FlowFacts, 'unitName'>;
    readonly subject: string;
    readonly language: string;
    readonly reference: string | undefined;
    readonly address: PostalAddress | undefined;
    /** "YYYY-MM-DD" */
    readonly date: string;
    /** Undefined: nobody's yet, so that each stands as its name. */
    readonly values: Values | undefined;
  },
): TemplateLetter {
  const { organisation, flow, subject, language, reference, address, date, values } = letter;
  return {
    ...{ source, subject, language, date },
    sender: { name: organisation.name, unit: flow.unitName, support: organisation.support },
    ...(reference === undefined ? {} : { reference }),
    ...(address === undefined ? {} : { recipient: { name: address.name, lines: printedLines(address) } }),
    values: Object.fromEntries(values ?? []),
    isTrial: values === undefined,
  };
}
