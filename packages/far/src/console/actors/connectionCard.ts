import {
  buttonRow,
  card,
  checklist,
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
    // Where the steps are shown they say it themselves.
    aside: !isStep(connection.step) && stepBadge(connection.step, lang),
    content: stack(
      isStep(connection.step) && pipeline({ lang, label: texts.stepsLabel(roles), stages: stages(connection, texts) }),
      isInProgress(connection.step) && whatNext(request, actor, connection, environment),
      facts(connection, lang, texts),
    ),
    ...footer(request, actor, connection),
  });
}

function stages({ step }: ConnectionView, texts: ActorTexts): PipelineStage[] {
  const here = isStep(step) ? CONNECTION_STEPS.indexOf(step) : -1;
  return CONNECTION_STEPS.map((each, index) => {
    const name = each === 'production' ? texts.production : texts[`step_${each}`];
    if (index < here || step === 'production') return { name, state: 'done' };
    return { name, state: index === here ? 'active' : 'waiting' };
  });
}

/** Everything that the next step demands, ticked off; what is missing with the way to put it right. */
function whatNext(
  { lang, mayChange }: ConsoleRequest,
  { organizationNumber }: ActorView,
  { step, demanded, missing }: ConnectionView,
  environment: RegisterEnvironment,
): SafeHtml {
  const texts = actorTexts(lang);
  const isLetIn = admittingSteps(environment).some((each) => each === step);
  const entries = demanded.map((each) => {
    const { path, text } = FIXES[each];
    const isDone = !missing.includes(each);
    const way = link(texts[text], `${actorHref(organizationNumber)}/${path}`);
    return { text: texts[`missing_${each}`], isDone, ...(!isDone && mayChange && { note: way }) };
  });
  return html`<h3 class="bd-card__title">${texts.demandsTitle}</h3>
${checklist({ lang, label: texts.demandsTitle, entries })}
<p class="bd-hint">${isLetIn ? texts.letInTest : texts.letInNotYet}</p>`;
}

function facts(connection: ConnectionView, lang: ConsoleRequest['lang'], texts: ActorTexts): SafeHtml {
  const { agreementReference, agreementOn, agreementSignedBy, conformance, endedReason } = connection;
  const isLoaded = connection.step === 'production' && agreementReference === null;
  const signed =
    agreementReference && texts.agreementSigned(agreementReference, agreementOn ?? '', agreementSignedBy ?? '');
  return descriptionList([
    { term: texts.applied, description: formatDate(connection.appliedAt, lang) },
    { term: texts.stepSince, description: formatDate(connection.stepSince, lang) },
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
    return { footer: buttonRow([quiet(texts.closeConnection, `${href}/avsluta-anslutning/${id}`)]) };
  }
  const next = {
    application: { text: texts.fixAgreement, path: 'avtal', isReady: !missing.includes('contact') },
    agreement: { text: texts.startTest, path: 'test', isReady: missing.length === 0 },
    technicalTest: { text: texts.approve, path: 'godkann', isReady: missing.length === 0 },
  }[step];
  return {
    footer: buttonRow([
      next.isReady && linkButton({ text: next.text, href: `${href}/${next.path}` }),
      step === 'agreement' && quiet(texts.correctAgreement, `${href}/avtal`),
      quiet(texts.endConnection, `${href}/avsluta-arende/${id}`),
    ]),
  };
}

function quiet(text: string, href: string): SafeHtml {
  return linkButton({ text, href, variant: 'tertiary' });
}
