import {
  buttonRow,
  card,
  descriptionList,
  formatDate,
  html,
  link,
  linkButton,
  type PipelineStage,
  pipeline,
  type SafeHtml,
  stack,
} from '@brevduva/ui';
import { CONNECTION_STEPS, isInProgress, isStep, type Requirement } from '../../actors/connectionSteps.ts';
import { admittingSteps, type RegisterEnvironment } from '../../actors/environment.ts';
import type { ActorView, ConnectionView } from '../../actors/readActor.ts';
import type { ConsoleRequest } from '../shell.ts';
import { actorHref } from './actionPage.ts';
import { type ActorTexts, actorTexts } from './actorTexts.ts';
import { roleWords, stepBadge } from './actorWords.ts';

/** Where what is missing is put right; each with a text `fix…`. */
const FIXES: Readonly<Record<Requirement, { path: string; text: keyof ActorTexts & `fix${string}` }>> = {
  contact: { path: 'ny-kontaktperson', text: 'fixContact' },
  agreement: { path: 'avtal', text: 'fixAgreement' },
  certificate: { path: 'nytt-certifikat', text: 'fixCertificate' },
  servedSender: { path: 'ny-avsandare', text: 'fixServedSender' },
  conformance: { path: 'kontroller', text: 'fixConformance' },
};

/** One run through the process: how far it has come, what is missing, what can be done now. */
export function connectionCard(
  request: ConsoleRequest,
  actor: ActorView,
  connection: ConnectionView,
  environment: RegisterEnvironment,
): SafeHtml {
  const { lang } = request;
  const texts = actorTexts(lang);
  const roles = roleWords(connection.roles, lang).toLowerCase();
  return card({
    title: texts.connectionAs(roles),
    aside: stepBadge(connection.step, lang),
    content: stack(
      isStep(connection.step) &&
        pipeline({ lang, label: texts.stepsLabel(roles), stages: stages(connection, lang, texts) }),
      isInProgress(connection.step) && whatNext(request, actor, connection, environment),
      facts(connection, lang, texts),
    ),
    ...footer(request, actor, connection),
  });
}

function stages(connection: ConnectionView, lang: ConsoleRequest['lang'], texts: ActorTexts): PipelineStage[] {
  const here = isStep(connection.step) ? CONNECTION_STEPS.indexOf(connection.step) : -1;
  const since = formatDate(connection.stepSince, lang);
  return CONNECTION_STEPS.map((step, index) => {
    const name = step === 'production' ? texts.production : texts[`step_${step}`];
    if (index < here || connection.step === 'production') {
      return { name, state: 'done', ...(index === here && { note: since }) };
    }
    return index === here ? { name, state: 'active', note: texts.since(since) } : { name, state: 'waiting' };
  });
}

function whatNext(
  { lang, mayChange }: ConsoleRequest,
  { organizationNumber }: ActorView,
  { step, missing }: ConnectionView,
  environment: RegisterEnvironment,
): SafeHtml {
  const texts = actorTexts(lang);
  const isLetIn = admittingSteps(environment).some((each) => each === step);
  const fix = (requirement: Requirement) => {
    const { path, text } = FIXES[requirement];
    return html` – ${link(texts[text], `${actorHref(organizationNumber)}/${path}`)}`;
  };
  return html`${
    missing.length === 0
      ? html`<p>${texts.nothingMissing}</p>`
      : html`<h3 class="bd-card__title">${texts.missingTitle}</h3>
<ul>${missing.map((each) => html`<li>${texts[`missing_${each}`]}${mayChange && fix(each)}</li>`)}</ul>`
  }<p class="bd-hint">${isLetIn ? texts.letInTest : texts.letInNotYet}</p>`;
}

function facts(connection: ConnectionView, lang: ConsoleRequest['lang'], texts: ActorTexts): SafeHtml {
  const { agreementReference, agreementOn, agreementSignedBy, conformance, endedReason } = connection;
  const isLoaded = connection.step === 'production' && agreementReference === null;
  const signed =
    agreementReference && texts.agreementSigned(agreementReference, agreementOn ?? '', agreementSignedBy ?? '');
  return descriptionList([
    { term: texts.applied, description: formatDate(connection.appliedAt, lang) },
    ...(signed ? [{ term: texts.agreement, description: signed }] : []),
    ...(isLoaded ? [{ term: texts.agreement, description: texts.loadedAtStart }] : []),
    ...(conformance
      ? [
          {
            term: texts.conformance,
            description: `${texts[`conformance_${conformance}`]}: ${connection.conformanceReason} (${connection.conformanceBy})`,
          },
        ]
      : []),
    ...(endedReason ? [{ term: texts.endedReason, description: endedReason }] : []),
  ]);
}

/** The step itself as a button; the way out as a link beside it. */
function footer(
  { lang, mayChange }: ConsoleRequest,
  { organizationNumber }: ActorView,
  { id, step, missing }: ConnectionView,
): { footer?: SafeHtml } {
  const texts = actorTexts(lang);
  const href = actorHref(organizationNumber);
  if (!mayChange || !isStep(step)) return {};
  if (step === 'production') {
    return { footer: buttonRow([link(texts.closeConnection, `${href}/avsluta-anslutning/${id}`)]) };
  }
  const next = {
    application: { text: texts.fixAgreement, path: 'avtal', isReady: !missing.includes('contact') },
    agreement: { text: texts.startTest, path: 'test', isReady: missing.length === 0 },
    technicalTest: { text: texts.approve, path: 'godkann', isReady: missing.length === 0 },
  }[step];
  return {
    footer: buttonRow([
      next.isReady && linkButton({ text: next.text, href: `${href}/${next.path}` }),
      step === 'agreement' && link(texts.correctAgreement, `${href}/avtal`),
      link(texts.endConnection, `${href}/avsluta-arende/${id}`),
    ]),
  };
}
