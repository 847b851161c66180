import { html, time } from '@brevduva/ui';
import { type ActionForm, type ActorAction, area, choice, line } from './actionForm.ts';
import { checkboxGroup } from './choices.ts';

/** Everything that staff does to one actor, in the order of the process. */
export const ACTOR_ACTIONS: readonly ActorAction[] = [
  {
    path: 'avtal',
    key: 'agreement',
    names: ['reference', 'agreedOn', 'signedBy'],
    initial: ({ actor: { inProgress } }) => ({
      reference: inProgress?.agreementReference ?? '',
      agreedOn: inProgress?.agreementOn ?? '',
      signedBy: inProgress?.agreementSignedBy ?? '',
    }),
    fields: (form) => [line(form, 'reference'), line(form, 'agreedOn', { type: 'date' }), line(form, 'signedBy')],
    run: (change, by, ref, { values }) =>
      change.registerAgreement(by, ref, {
        reference: values['reference'] ?? '',
        agreedOn: values['agreedOn'] ?? '',
        signedBy: values['signedBy'] ?? '',
      }),
  },
  { path: 'test', key: 'test', names: [], run: (change, by, ref) => change.startTechnicalTest(by, ref) },
  {
    path: 'kontroller',
    key: 'conformance',
    names: ['result', 'conformanceReason'],
    initial: ({ actor: { inProgress } }) => ({
      result: inProgress?.conformance ?? '',
      conformanceReason: inProgress?.conformanceReason ?? '',
    }),
    fields: (form) => [resultChoice(form), area(form, 'conformanceReason')],
    run: (change, by, ref, { values }) =>
      change.recordConformance(by, ref, {
        result: values['result'] ?? '',
        reason: values['conformanceReason'] ?? '',
      }),
  },
  { path: 'godkann', key: 'approve', names: [], run: (change, by, ref) => change.approveForProduction(by, ref) },
  {
    path: 'avsluta-arende',
    hasTarget: true,
    key: 'end',
    isDangerous: true,
    names: ['end', 'reason'],
    fields: (form) => [endChoice(form), area(form, 'reason')],
    run: (change, by, ref, { values, target }) =>
      change.end(by, ref, { connectionId: target, end: values['end'] ?? '', reason: values['reason'] ?? '' }),
  },
  {
    path: 'avsluta-anslutning',
    hasTarget: true,
    key: 'close',
    isDangerous: true,
    names: ['reason'],
    fields: (form) => [area(form, 'reason')],
    run: (change, by, ref, { values, target }) =>
      change.end(by, ref, { connectionId: target, end: 'closed', reason: values['reason'] ?? '' }),
  },
  {
    path: 'nytt-certifikat',
    key: 'certificate',
    names: ['certificate', 'purpose_tls', 'purpose_signing'],
    initial: () => ({ purpose_tls: 'on', purpose_signing: 'on' }),
    fields: (form) => [area(form, 'certificate', 12), purposeChoices(form)],
    run: (change, by, ref, { values }) =>
      change.addCertificate(by, ref, {
        certificate: values['certificate'] ?? '',
        purposes: (['tls', 'signing'] as const).filter((purpose) => values[`purpose_${purpose}`] === 'on'),
      }),
  },
  {
    path: 'certifikat-ur-bruk',
    hasTarget: true,
    key: 'retire',
    isDangerous: true,
    names: ['reason'],
    about: ({ actor, target }, lang) => {
      const found = actor.certificates.find(({ fingerprint }) => fingerprint === target);
      return found && html`${found.subject} (${time(found.validTo, lang, { style: 'date' })})`;
    },
    fields: (form) => [area(form, 'reason')],
    run: (change, by, ref, { values, target }) =>
      change.retireCertificate(by, ref, { fingerprint: target, reason: values['reason'] ?? '' }),
  },
  {
    path: 'ny-avsandare',
    key: 'serve',
    names: ['sender', 'consentReference'],
    fields: (form) => [line(form, 'sender', { size: 14, inputMode: 'numeric' }), line(form, 'consentReference')],
    run: (change, by, ref, { values }) => {
      const added = { sender: values['sender'] ?? '', consentReference: values['consentReference'] ?? '' };
      return change.changeServedSenders(by, ref, { add: [added], remove: [] });
    },
  },
  {
    path: 'bort-avsandare',
    hasTarget: true,
    key: 'unserve',
    isDangerous: true,
    names: [],
    about: ({ actor, target }) => html`${actor.servedSenders.find(({ sender }) => sender === target)?.name}`,
    run: (change, by, ref, { target }) => change.changeServedSenders(by, ref, { add: [], remove: [target] }),
  },
  {
    path: 'adresser',
    key: 'operator',
    names: ['operatorName', 'domain', 'serviceAddress', 'uiAddress'],
    initial: ({ actor: { operator } }) => ({
      operatorName: operator?.name ?? '',
      domain: operator?.domain ?? '',
      serviceAddress: operator?.serviceAddress ?? '',
      uiAddress: operator?.uiAddress ?? '',
    }),
    fields: operatorFields,
    run: (change, by, ref, { values }) => change.changeOperator(by, ref, operatorForm(values)),
  },
  {
    path: 'ny-kontaktperson',
    key: 'contact',
    names: ['contactName', 'contactEmail', 'contactPersonalNumber'],
    fields: contactFields,
    run: (change, by, ref, { values }) => change.addContact(by, ref, contactForm(values)),
  },
  {
    path: 'bort-kontaktperson',
    hasTarget: true,
    key: 'uncontact',
    isDangerous: true,
    names: [],
    about: ({ actor, target }) => html`${actor.contacts.find(({ id }) => id === target)?.name}`,
    run: (change, by, ref, { target }) => change.removeContact(by, ref, target),
  },
  {
    path: 'stang-av',
    key: 'suspend',
    isDangerous: true,
    names: ['reason'],
    fields: (form) => [area(form, 'reason')],
    run: (change, by, ref, { values }) => change.suspend(by, ref, { reason: values['reason'] ?? '' }),
  },
  {
    path: 'hav-avstangning',
    key: 'lift',
    names: ['reason'],
    fields: (form) => [area(form, 'reason')],
    run: (change, by, ref, { values }) => change.liftSuspension(by, ref, { reason: values['reason'] ?? '' }),
  },
];

export function contactFields(form: ActionForm) {
  return [
    line(form, 'contactName'),
    line(form, 'contactEmail', { type: 'email' }),
    line(form, 'contactPersonalNumber', { size: 14, isOptional: true, inputMode: 'numeric' }),
  ];
}

export function contactForm(values: Readonly<Record<string, string>>) {
  return {
    name: values['contactName'] ?? '',
    email: values['contactEmail'] ?? '',
    personalNumber: values['contactPersonalNumber'] ?? '',
  };
}

export function operatorFields(form: ActionForm) {
  return [
    line(form, 'operatorName'),
    line(form, 'domain'),
    line(form, 'serviceAddress'),
    line(form, 'uiAddress', { isOptional: true }),
  ];
}

export function operatorForm(values: Readonly<Record<string, string>>) {
  return {
    operatorName: values['operatorName'] ?? '',
    domain: values['domain'] ?? '',
    serviceAddress: values['serviceAddress'] ?? '',
    uiAddress: values['uiAddress'] ?? '',
  };
}

function resultChoice(form: ActionForm) {
  const { texts } = form;
  return choice(form, 'result', [
    { value: 'passed', text: texts.resultPassed, description: texts.resultPassedHelp },
    { value: 'waived', text: texts.resultWaived, description: texts.resultWaivedHelp },
  ]);
}

function endChoice(form: ActionForm) {
  const { texts } = form;
  return choice(form, 'end', [
    { value: 'rejected', text: texts.endRejected, description: texts.endRejectedHelp },
    { value: 'withdrawn', text: texts.endWithdrawn, description: texts.endWithdrawnHelp },
  ]);
}

function purposeChoices({ texts, values, errorOf }: ActionForm) {
  return checkboxGroup({
    name: 'purposes',
    label: texts.purposes,
    error: errorOf('purposes'),
    choices: (['purpose_tls', 'purpose_signing'] as const).map((name) => ({
      name,
      label: texts[name],
      checked: values[name] === 'on',
    })),
  });
}
