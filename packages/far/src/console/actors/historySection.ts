import { descriptionList, html, type Language, type SafeHtml, section, timeline } from '@brevduva/ui';
import { AUDIT_ACTS, type AuditAct } from '../../actors/auditAct.ts';
import type { ActorView } from '../../actors/readActor.ts';
import type { AuditEventRow, AuditFacts } from '../../sql/auditEvents.ts';
import type { ConsoleRequest } from '../shell.ts';
import { type ActorTexts, actorTexts } from './actorTexts.ts';

/** Everything that was done with the actor, the latest first, with what stood there before and after. */
export function historySection({ lang }: ConsoleRequest, { history }: ActorView): SafeHtml {
  const texts = actorTexts(lang);
  return section({
    title: texts.history,
    id: 'historik',
    content: timeline({
      label: texts.historyLabel,
      lang,
      entries: history.map((event) => ({
        at: event.at,
        title: auditActText(event.what, lang),
        actor: event.name,
        details: auditDetails(event, lang),
        ...(event.what === 'suspended' && { tone: 'warning' as const }),
      })),
    }),
  });
}

/** What was done, in words; the word itself where it is none of ours. */
export function auditActText(what: string, lang: Language): string {
  const act: AuditAct | undefined = AUDIT_ACTS.find((each) => each === what);
  return act === undefined ? what : actorTexts(lang)[`act_${act}`];
}

/** What stood there before and after. */
export function auditDetails({ before, after }: Pick<AuditEventRow, 'before' | 'after'>, lang: Language): SafeHtml {
  const texts = actorTexts(lang);
  return descriptionList([
    ...(before === null ? [] : [{ term: texts.before, description: factsOf(before, texts) }]),
    ...(after === null ? [] : [{ term: texts.after, description: factsOf(after, texts) }]),
  ]);
}

function factsOf(facts: AuditFacts, texts: ActorTexts): SafeHtml {
  const lines = Object.entries(facts).map(
    ([name, value]) => html`<li><code>${name}</code>: ${worded(value, texts)}</li>`,
  );
  return html`<ul class="bd-plain-list">${lines}</ul>`;
}

function worded(value: unknown, texts: ActorTexts): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return texts.nothing;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((each) => worded(each, texts)).join('; ');
  if (typeof value !== 'object') return String(value);
  return Object.values(value as Record<string, unknown>)
    .map((each) => worded(each, texts))
    .join(', ');
}
