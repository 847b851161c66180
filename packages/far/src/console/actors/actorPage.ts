import {
  alert,
  card,
  descriptionList,
  disclosure,
  formatDate,
  formatRecipientId,
  html,
  join,
  link,
  linkButton,
  pageHeading,
  type SafeHtml,
  split,
} from '@brevduva/ui';
import type { RegisterEnvironment } from '../../actors/environment.ts';
import type { ActorView, ConnectionView } from '../../actors/readActor.ts';
import { conformanceSection } from '../../conformance/conformanceSection.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import type { ActionKey } from './actionForm.ts';
import { actorHref } from './actionPage.ts';
import { actionTexts } from './actionTexts.ts';
import { certificatesSection, contactsCard, operatorSection, servedSection } from './actorSections.ts';
import { actorTexts } from './actorTexts.ts';
import { roleWords, stepBadge, suspendedBadge } from './actorWords.ts';
import { connectionCard } from './connectionCard.ts';
import { historySection } from './historySection.ts';

/** All about one actor: how far it has come, what is missing, what it may do, who has done what. */
export function actorPage(
  request: ConsoleRequest,
  actor: ActorView,
  { environment, done }: { environment: RegisterEnvironment; done: ActionKey | undefined },
): string {
  const { lang } = request;
  const texts = actorTexts(lang);
  const current = actor.inProgress ?? actor.others[0];
  const isDispatcher = actor.roles.includes('dispatcher');
  return consolePage(request, {
    title: actor.name,
    area: 'actors',
    // That it is suspended says that it was done.
    notices: [...(done === 'suspend' ? [] : doneNotice(request, done)), ...suspensionNotice(request, actor, done)],
    content: html`${pageHeading({
      lang,
      title: actor.name,
      lead: `${formatRecipientId(actor.organizationNumber)} · ${roleWords(actor.roles.length > 0 ? actor.roles : (current?.roles ?? []), lang)}`,
      status: actor.suspendedAt === null ? current && stepBadge(current.step, lang) : suspendedBadge(lang),
      breadcrumbs: [{ text: texts.title, href: CONSOLE_AREAS.actors }],
      actions: headActions(request, actor),
    })}
${split({
  asideLabel: texts.facts,
  main: html`${connections(request, actor, environment)}
${actor.checklist && conformanceSection(actor.checklist, lang)}
${certificatesSection(request, actor)}
${isDispatcher && servedSection(request, actor)}
${actor.roles.includes('operator') && operatorSection(request, actor)}
${historySection(request, actor)}`,
  aside: html`${contactsCard(request, actor)}${actor.roles.includes('sender') && servedByCard(request, actor)}`,
})}`,
  });
}

function connections(request: ConsoleRequest, actor: ActorView, environment: RegisterEnvironment): SafeHtml {
  const living = [actor.inProgress, ...actor.others.filter(({ step }) => step === 'production')];
  const shown = living.filter((each): each is ConnectionView => each !== undefined);
  const ended = actor.others.filter(({ step }) => step !== 'production');
  const cards = (list: readonly ConnectionView[]) =>
    list.map((each) => connectionCard(request, actor, each, environment));
  if (shown.length === 0) return html`${cards(ended)}`;
  return html`${cards(shown)}${
    ended.length > 0 && disclosure({ summary: actorTexts(request.lang).earlierConnections, content: cards(ended) })
  }`;
}

function headActions({ lang, mayChange }: ConsoleRequest, actor: ActorView): SafeHtml[] {
  const texts = actorTexts(lang);
  const href = actorHref(actor.organizationNumber);
  const hasBeenLetIn = [actor.inProgress, ...actor.others].some(
    (each) => each?.step === 'technicalTest' || each?.step === 'production',
  );
  if (!mayChange || (actor.suspendedAt === null && !hasBeenLetIn)) return [];
  return actor.suspendedAt === null
    ? [linkButton({ text: texts.suspend, href: `${href}/stang-av`, variant: 'secondary', danger: true })]
    : [linkButton({ text: texts.lift, href: `${href}/hav-avstangning` })];
}

function doneNotice({ lang }: ConsoleRequest, done: ActionKey | undefined): SafeHtml[] {
  return done === undefined ? [] : [alert({ tone: 'success', live: true, content: actionTexts(lang)[`${done}Done`] })];
}

function suspensionNotice({ lang }: ConsoleRequest, actor: ActorView, done: ActionKey | undefined): SafeHtml[] {
  const texts = actorTexts(lang);
  const { suspendedAt, suspendedBy, suspendedReason } = actor;
  if (suspendedAt === null) return [];
  const content = html`${texts.suspendedText(suspendedBy ?? '', formatDate(suspendedAt, lang))}${suspendedReason}`;
  return [alert({ tone: 'danger', title: texts.suspendedTitle, content, live: done === 'suspend' })];
}

function servedByCard({ lang }: ConsoleRequest, { servedBy }: ActorView): SafeHtml {
  const texts = actorTexts(lang);
  const names = servedBy.map(({ organizationNumber, name }) => link(name, actorHref(organizationNumber)));
  return card({
    content: descriptionList([
      { term: texts.servedBy, description: names.length === 0 ? texts.servedByNobody : join(names, ', ') },
    ]),
  });
}
