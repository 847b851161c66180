import {
  descriptionList,
  formatDateTime,
  html,
  type IconName,
  join,
  type Language,
  type SafeHtml,
  type Tone,
} from '@brevduva/ui';
import { AUDIT_ACTS, type AuditAct } from '../../actors/auditAct.ts';
import type { AuditEventRow, AuditFacts } from '../../sql/auditEvents.ts';
import { type ActorTexts, actorTexts } from './actorTexts.ts';

/** What was done, in words; the word itself where it is none of ours. */
export function auditActText(what: string, lang: Language): string {
  const act: AuditAct | undefined = AUDIT_ACTS.find((each) => each === what);
  return act === undefined ? what : actorTexts(lang)[`act_${act}`];
}

/** How the act looks in a list: what lets in, what shuts out, what is about what. */
export function auditActLook(what: AuditAct): { tone?: Tone; icon?: IconName } {
  return LOOKS[what] ?? { icon: 'document' };
}

const LOOKS: Readonly<Partial<Record<AuditAct, { tone?: Tone; icon?: IconName }>>> = {
  approvedForProduction: { tone: 'success' },
  suspensionLifted: { tone: 'success' },
  technicalTestStarted: { tone: 'info', icon: 'arrowRight' },
  conformanceRecorded: { tone: 'info', icon: 'check' },
  suspended: { tone: 'danger', icon: 'ban' },
  rejected: { tone: 'warning', icon: 'cross' },
  withdrawn: { icon: 'cross' },
  closed: { tone: 'warning', icon: 'cross' },
  certificateAdded: { icon: 'seal' },
  certificateRetired: { tone: 'warning', icon: 'seal' },
  contactAdded: { icon: 'person' },
  contactRemoved: { icon: 'person' },
  servedSendersChanged: { icon: 'send' },
  operatorChanged: { icon: 'inbox' },
  loaded: { icon: 'download' },
};

/** What stood there before and after. */
export function auditDetails({ before, after }: Pick<AuditEventRow, 'before' | 'after'>, lang: Language): SafeHtml {
  const texts = actorTexts(lang);
  return descriptionList([
    ...(before === null ? [] : [{ term: texts.before, description: factsOf(before, lang) }]),
    ...(after === null ? [] : [{ term: texts.after, description: factsOf(after, lang) }]),
  ]);
}

/** In the order in which the texts name them: the database keeps keys in an order of its own. */
export const FACT_NAMES = Object.keys(actorTexts('sv')).flatMap((key) =>
  key.startsWith('fact_') ? [key.slice(5)] : [],
);

function factsOf(facts: AuditFacts, lang: Language): SafeHtml {
  const texts = actorTexts(lang);
  const names = Object.keys(facts).sort((a, b) => FACT_NAMES.indexOf(a) - FACT_NAMES.indexOf(b));
  const lines = names.map((name) => html`${factName(name, texts)}: ${worded(facts[name], lang)}`);
  return join(lines, html`<br>`);
}

/** What a fact is called: "Steg", "Avtal". */
export function factName(name: string, texts: ActorTexts): string {
  return FACT_NAMES.includes(name) ? texts[`fact_${name}` as 'fact_step'] : name;
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** A fact's value in words. */
export function worded(value: unknown, lang: Language): string {
  const texts = actorTexts(lang);
  if (value === null || value === '') return texts.nothing;
  if (Array.isArray(value))
    return value.length === 0 ? texts.nothing : value.map((each) => worded(each, lang)).join('; ');
  if (typeof value === 'object')
    return Object.values(value)
      .flatMap((each) => (each === null ? [] : [worded(each, lang)]))
      .join(', ');
  const text = String(value);
  if (INSTANT.test(text)) return formatDateTime(new Date(text), lang);
  for (const kind of ['step', 'role', 'purpose', 'conformance']) {
    const key = `${kind}_${text}`;
    if (Object.hasOwn(texts, key)) return texts[key as 'step_closed'];
  }
  return text;
}
