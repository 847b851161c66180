import {
  alert,
  button,
  descriptionList,
  emptyState,
  errorPage,
  errorSummary,
  filterForm,
  formatRecipientId,
  html,
  link,
  page,
  pageHeading,
  raw,
  type SafeHtml,
  section,
  table,
  textField,
} from '@brevduva/ui';
import type { SampleStaff } from '../sample/organizations.ts';
import type { TestPerson } from '../sample/testPersons.ts';
import type { PersonFault } from './accounts.ts';
import { type SignPage, signContent } from './signPage.ts';

/** What the pages need to know of the party one logs in to. */
export interface PageClient {
  readonly name: string;
}

export interface PersonPage {
  readonly uid: string;
  readonly client: PageClient;
  readonly search: string;
  readonly persons: readonly TestPerson[];
  /** What was typed, and why it was refused. */
  readonly typed?: { readonly text: string; readonly fault: PersonFault };
}

/** The pages of the development e-ID, whole documents. `nonce` is made anew for each. */
export type Pages = ReturnType<typeof createPages>;

const BRAND = { name: 'Utvecklingslegitimation', home: '/', theme: 'slate', header: 'filled' } as const;
const LANG = 'sv';
const NUMBER_FIELD = 'personnummer';
/** Of one person in the list. */
const COMPANIES_SHOWN = 2;

const FAULT_TEXTS: Readonly<Record<PersonFault, string>> = {
  format: 'Skriv tolv siffror, till exempel 199001019802.',
  date: 'Datumet i numret finns inte i kalendern.',
  checkDigit: 'Kontrollsiffran stämmer inte.',
  organization: 'Ett organisationsnummer kan inte legitimera sig. Skriv numret på en person.',
  notTestNumber:
    'Bara testnummer tas emot: födelsenumret ska vara 980–999. Använd aldrig en verklig persons nummer här.',
};

const OPERATOR_NAMES: Readonly<Record<string, string>> = { brevladan: 'Brevlådan', posthornan: 'Posthörnan' };

/** `nonce()` gives the nonce of the answer that is being written. */
export function createPages(nonce: () => string) {
  const whole = (title: string, content: SafeHtml, hasErrors = false) =>
    page({ lang: LANG, title, brand: BRAND, nonce: nonce(), content, hasErrors, width: 'narrow' });
  return {
    persons: (options: PersonPage) => whole('Legitimera dig', personsContent(options), options.typed !== undefined),
    staff: (options: { uid: string; client: PageClient; staff: readonly SampleStaff[] }) =>
      whole('Logga in', staffContent(options)),
    sign: (options: SignPage) => whole('Skriv under', signContent(options, notice())),
    home: (options: HomePage) => whole('Utvecklingslegitimation', homeContent(options)),
    logout: (form: string) => whole('Logga ut', logoutContent(form, nonce())),
    loggedOut: () => whole('Du är utloggad', pageHeading({ lang: LANG, title: 'Du är utloggad' })),
    failed: (code: string, detail: string) => failedPage(code, detail, nonce()),
  };
}

function notice(): SafeHtml {
  return alert({
    tone: 'warning',
    title: 'Utvecklingslegitimation – inget lösenord',
    content: 'Här finns bara påhittade personer med testnummer. Den som når sidan kan vara vem som helst av dem.',
  });
}

function personsContent(options: PersonPage): SafeHtml {
  const { uid, client, typed } = options;
  const errors = typed === undefined ? [] : [{ fieldId: NUMBER_FIELD, text: FAULT_TEXTS[typed.fault] }];
  return html`${errorSummary({ lang: LANG, errors })}
${pageHeading({ lang: LANG, title: `Legitimera dig hos ${client.name}`, lead: 'Välj vem du är.' })}
${notice()}
${section({ title: 'Välj en testperson', content: html`${searchForm(options)}${personTable(options)}` })}
${section({ title: 'Eller skriv ett testnummer', content: numberForm(options) })}
${cancelForm(uid)}`;
}

function searchForm({ uid, search }: PersonPage): SafeHtml {
  const action = `/interaction/${uid}`;
  const field = textField({ name: 'q', label: 'Sök på namn, nummer eller företag', type: 'search', value: search });
  const resetHref = search === '' ? undefined : action;
  return filterForm({ lang: LANG, action, label: 'Sök testperson', fields: [field], resetHref, submitText: 'Sök' });
}

function personTable({ uid, persons }: PersonPage): SafeHtml {
  return table({
    caption: 'Testpersoner',
    captionHidden: true,
    rows: persons,
    empty: emptyState({ title: 'Ingen testperson passar', text: 'Sök på något annat, eller skriv ett testnummer.' }),
    columns: [
      { header: 'Person', cell: personCell },
      {
        header: 'Legitimera',
        headerHidden: true,
        cell: (one) => loginForm(uid, NUMBER_FIELD, one.id, 'Legitimera', `som ${one.name}`),
      },
    ],
  });
}

/** Who it is, and what one would choose the person for; one column, so that the button is in sight on a phone. */
function personCell(person: TestPerson): SafeHtml {
  const { name, id, notes = [], signsFor = [] } = person;
  const others = signsFor.length - COMPANIES_SHOWN;
  const companies = signsFor.slice(0, COMPANIES_SHOWN).join(', ') + (others > 0 ? ` och ${others} till` : '');
  const lines = [...notes, ...(signsFor.length > 0 ? [`Firmatecknare för ${companies}`] : [])];
  return html`<strong>${name}</strong><br>${formatRecipientId(id)} · ${mailboxText(person)}${lines.map(
    (line) => html`<br><span class="bd-hint">${line}</span>`,
  )}`;
}

function mailboxText({ mailbox }: TestPerson): string {
  if (mailbox === undefined) return 'Ingen brevlåda';
  const name = OPERATOR_NAMES[mailbox.operator] ?? mailbox.operator;
  if (mailbox.pending) return `${name} (väntar på underskrift)`;
  return mailbox.optedOut ? `${name} (tar inte emot kommunens post)` : name;
}

function numberForm({ uid, typed }: PersonPage): SafeHtml {
  return html`<form class="bd-form" method="post" action="${`/interaction/${uid}/login`}" novalidate>
${textField({
  name: NUMBER_FIELD,
  label: 'Personnummer eller samordningsnummer',
  description: 'Tolv siffror, födelsenummer 980–999.',
  inputMode: 'numeric',
  autocomplete: 'off',
  size: 14,
  value: typed?.text,
  error: typed && FAULT_TEXTS[typed.fault],
})}
${button({ text: 'Legitimera', context: 'med numret' })}
</form>`;
}

function staffContent({
  uid,
  client,
  staff,
}: {
  uid: string;
  client: PageClient;
  staff: readonly SampleStaff[];
}): SafeHtml {
  return html`${pageHeading({ lang: LANG, title: `Logga in till ${client.name}`, lead: 'Välj vem du är.' })}
${notice()}
${table({
  ...STAFF_TABLE,
  rows: staff,
  columns: [
    ...STAFF_TABLE.columns,
    {
      header: 'Logga in',
      headerHidden: true,
      cell: (one) => loginForm(uid, 'staffId', one.id, 'Logga in', `som ${one.name}`),
    },
  ],
})}
${cancelForm(uid)}`;
}

const ROLE_TEXTS: Readonly<Record<SampleStaff['roles'][number], string>> = {
  caseworker: 'Handläggare',
  approver: 'Godkännare',
  administrator: 'Administratör',
  reader: 'Läsbehörighet',
  registerOwner: 'FaR-ansvarig',
};

const STAFF_TABLE = {
  caption: 'Medarbetare',
  columns: [
    { header: 'Namn', rowHeader: true, cell: (one: SampleStaff) => one.name },
    { header: 'Roll', cell: (one: SampleStaff) => one.roles.map((role) => ROLE_TEXTS[role]).join(', ') },
    { header: 'Organisation', cell: (one: SampleStaff) => one.organizationName },
  ],
};

function loginForm(uid: string, name: string, value: string, text: string, context: string): SafeHtml {
  return html`<form method="post" action="${`/interaction/${uid}/login`}"><input type="hidden" name="${name}"
 value="${value}">${button({ text, context, variant: 'secondary' })}</form>`;
}

function cancelForm(uid: string): SafeHtml {
  return html`<form method="post" action="${`/interaction/${uid}/cancel`}">${button({
    text: 'Avbryt',
    variant: 'tertiary',
  })}</form>`;
}

/** `clients` with the address of their own start page. */
export interface HomePage {
  readonly clients: readonly { readonly name: string; readonly audience: 'citizen' | 'staff'; readonly url: string }[];
  readonly persons: readonly TestPerson[];
  readonly staff: readonly SampleStaff[];
}

function homeContent({ clients, persons, staff }: HomePage): SafeHtml {
  const links = clients.map(({ name, audience, url }) => ({
    term: audience === 'staff' ? 'För medarbetare' : 'För privatpersoner och företag',
    description: link(name, url),
  }));
  return html`${pageHeading({
    lang: LANG,
    title: 'Utvecklingslegitimation',
    lead: 'Gå till en av tjänsterna och välj att logga in där; då kommer du hit för att välja vem du är.',
  })}
${notice()}
${section({ title: 'Tjänster att logga in i', content: descriptionList(links) })}
${section({
  title: 'Några av testpersonerna',
  content: table({
    caption: 'Testpersoner',
    captionHidden: true,
    rows: persons,
    columns: [{ header: 'Person', cell: personCell }],
  }),
})}
${section({ title: 'Medarbetare', content: table({ ...STAFF_TABLE, captionHidden: true, rows: staff }) })}`;
}

/** The form is the provider's own; it is sent at once where script runs, as the person has asked to leave already. */
function logoutContent(form: string, nonce: string): SafeHtml {
  const script = `document.forms['op.logoutForm'].querySelector('button').click()`;
  const filled = raw(form.replace('</form>', `${button({ text: 'Logga ut', name: 'logout', value: 'yes' })}</form>`));
  return html`${pageHeading({ lang: LANG, title: 'Logga ut' })}
${filled}
${raw(`<script nonce="${nonce}">${script}</script>`)}`;
}

interface Failure {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

const LOGIN_FAILED: Failure = {
  status: 400,
  title: 'Inloggningen gick inte',
  text: 'Gå tillbaka till den tjänst du kom ifrån och börja om inloggningen där.',
};

const FAILURES: Readonly<Record<string, Failure>> = {
  not_found: { ...LOGIN_FAILED, status: 404, title: 'Sidan finns inte' },
  order_gone: {
    status: 410,
    title: 'Det finns inget att skriva under',
    text: 'Du har redan svarat, eller så har tiden gått ut. Gå tillbaka till den tjänst du kom ifrån och börja om där.',
  },
  foreign_form: {
    status: 403,
    title: 'Underskriften gick inte',
    text: 'Svaret kom inte från sidan där du läste texten. Tillåt kakor, gå tillbaka till tjänsten och börja om där.',
  },
  too_large: { ...LOGIN_FAILED, status: 413, title: 'Det du skickade är för stort' },
};

function failedPage(code: string, detail: string, nonce: string): string {
  const failure = FAILURES[code] ?? LOGIN_FAILED;
  return errorPage({ lang: LANG, brand: BRAND, nonce, ...failure, code, requestId: detail });
}
