import { type SafeHtml, section, timeline } from '@brevduva/ui';
import type { ActorView } from '../../actors/readActor.ts';
import type { ConsoleRequest } from '../shell.ts';
import { actorTexts } from './actorTexts.ts';
import { auditActLook, auditActText, auditDetails } from './auditWords.ts';

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
        ...auditActLook(event.what),
      })),
    }),
  });
}
