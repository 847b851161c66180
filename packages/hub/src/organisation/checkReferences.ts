import { checkMessageHtml } from '@brevduva/protocol';
import { type ExternalDispatcher, OWN_DISPATCH } from '../externalDispatcher.ts';
import { readMailingText } from '../mailing/mailingText.ts';
import { STANDARD_LAYOUT } from '../paper/printLayout.ts';
import type {
  CredentialSettings,
  FlowSettings,
  OrganisationConfiguration,
  SystemSettings,
  TemplateSettings,
} from './configuration.ts';
import type { PathFault } from './objectReader.ts';

/** What no field tells alone: who names what is not there, and what stands twice. Empty texts have a fault of their own already. */
export function checkReferences(configuration: OrganisationConfiguration): PathFault[] {
  const { organisation, units, templates, printShops, flows, systems } = configuration;
  const { dispatchers } = organisation;
  const templateCodes = new Set(templates.map(({ code }) => code));
  const layoutCodes = new Set(configuration.organisation.printLayouts.map(({ code }) => code));
  const unitCodes = new Set(units.map(({ code }) => code));
  const shopCodes = new Set(printShops.map(({ code }) => code));
  const flowCodes = new Set(flows.map(({ code }) => code));
  return [
    ...twice('units', 'code', units, ({ code }) => code, 'Koden'),
    ...twice('units', 'envelopeCode', units, ({ envelopeCode = '' }) => envelopeCode, 'Kuvertnumret'),
    ...twice('organisation/dispatchers', 'code', dispatchers, ({ code }) => code, 'Koden'),
    ...twice('organisation/dispatchers', 'number', dispatchers, ({ number }) => number, 'Förmedlaren'),
    ...dispatcherFaults(organisation),
    ...flows.flatMap((flow, n) => dispatchFaults(flow, `flows/${n}`, dispatchers)),
    ...twice('templates', 'code', templates, ({ code }) => code, 'Koden'),
    ...templates.flatMap((template, n) => templateFaults(template, `templates/${n}`)),
    ...flows.flatMap(({ templateCode = '' }, n) =>
      unknown(templateCode, templateCodes, `flows/${n}/template`, 'Mallen'),
    ),
    ...twice('organisation/printLayouts', 'code', configuration.organisation.printLayouts, ({ code }) => code, 'Koden'),
    ...flows.flatMap(({ printLayout = '' }, n) =>
      unknown(printLayout, layoutCodes, `flows/${n}/printLayout`, 'Utformningen'),
    ),
    ...flows.flatMap((flow, n) => paperFaults(flow, `flows/${n}`, configuration)),
    ...twice('printShops', 'code', printShops, ({ code }) => code, 'Koden'),
    ...flows.flatMap((flow, n) => shopFaults(flow, `flows/${n}`, shopCodes)),
    ...twice('flows', 'code', flows, ({ code }) => code, 'Koden'),
    ...twice('systems', 'code', systems, ({ code }) => code, 'Koden'),
    ...flows.flatMap((flow, n) => flowFaults(flow, `flows/${n}`, unitCodes)),
    ...flows.flatMap(({ eInvoiceVatPercent }, n) => vatFaults(eInvoiceVatPercent, configuration, `flows/${n}`)),
    ...systems.flatMap((system, n) => systemFaults(system, `systems/${n}`, unitCodes, flowCodes)),
    ...systems.flatMap((system, n) => receiverFaults(system, `systems/${n}`, systems)),
    ...systems.flatMap((system, n) => noticeFaults(system, `systems/${n}`, flows)),
    ...credentialFaults(systems),
  ];
}

function twice<T>(
  list: string,
  field: string,
  items: readonly T[],
  read: (item: T) => string,
  what: string,
): PathFault[] {
  const seen = new Set<string>();
  return items.flatMap((item, n) => {
    const value = read(item);
    if (value === '') return [];
    if (seen.has(value)) return [{ path: `${list}/${n}/${field}`, text: `${what} ${value} finns redan ovanför.` }];
    seen.add(value);
    return [];
  });
}

/** Who sends for the organisation is another, and one at the most has the flows that name none. */
function dispatcherFaults({ number: own, dispatchers }: OrganisationConfiguration['organisation']): PathFault[] {
  const forAll = dispatchers.filter(({ allFlows }) => allFlows);
  return dispatchers.flatMap((dispatcher, n) => [
    ...when(dispatcher.number !== '' && dispatcher.number === own, {
      path: `organisation/dispatchers/${n}/number`,
      text: 'Numret är organisationens eget. En extern förmedlare är någon annan.',
    }),
    ...when(dispatcher.code === OWN_DISPATCH, {
      path: `organisation/dispatchers/${n}/code`,
      text: `Koden ${OWN_DISPATCH} betyder att flödet inte har någon extern förmedlare. Välj en annan kod.`,
    }),
    ...when(dispatcher.allFlows && forAll.indexOf(dispatcher) > 0, {
      path: `organisation/dispatchers/${n}/allFlows`,
      text: 'En annan förmedlare har redan alla flöden som inte anger någon.',
    }),
  ]);
}

/** The contract has no word for "on paper" or "not on paper": who dispatches decides it alone. */
function dispatchFaults(
  { dispatcher: code = OWN_DISPATCH, channelPolicy }: FlowSettings,
  path: string,
  dispatchers: readonly ExternalDispatcher[],
): PathFault[] {
  if (code === OWN_DISPATCH) return [];
  const named = dispatchers.find((each) => each.code === code);
  const at = `${path}/dispatcher`;
  return [
    ...when(named === undefined, { path: at, text: `Förmedlaren ${code} finns inte i filen.` }),
    ...when(channelPolicy === 'paperOnly', {
      path: at,
      text: 'Ett flöde som alltid går på papper kan inte ha en extern förmedlare: den skickar digitalt till dem som kan ta emot.',
    }),
    ...when(channelPolicy === 'digitalOnly' && named?.takes === 'digitalAndPaper', {
      path: at,
      text: `Flödet får bara gå digitalt, men ${named?.name ?? code} skriver ut det som inte kan gå digitalt.`,
    }),
  ];
}

/** What its text would be refused for when a mailing is made of it. */
function templateFaults({ subject, contentType, message }: TemplateSettings, path: string): PathFault[] {
  const { faults, filledBody } = readMailingText(subject, { contentType, text: message });
  const html = contentType === 'text/html' ? checkMessageHtml(filledBody) : [];
  return [
    ...faults.map((found) => ({
      path: `${path}/${found.path === 'subject' ? 'subject' : 'message'}`,
      text: found.text,
    })),
    ...html.map((found) => ({ path: `${path}/message`, text: `Rad ${found.line}: ${found.text}` })),
  ];
}

function flowFaults(flow: FlowSettings, path: string, unitCodes: ReadonlySet<string>): PathFault[] {
  const { unit, sensitivity, notification, notice, channelPolicy, eInvoice, eInvoiceWaitHours, eInvoiceVatPercent } =
    flow;
  const { unreadDays, unreadAction, retentionDays, paperFormat, printLayout } = flow;
  const isPaperOnly = channelPolicy === 'paperOnly';
  return [
    ...unknown(unit, unitCodes, `${path}/unit`, 'Enheten'),
    ...when(sensitivity === 'sensitive' && notification === 'noticeOnly', {
      path: `${path}/notification`,
      text: 'Ett känsligt flöde kan inte bestå av enbart en avisering: den ligger öppen i telefonen.',
    }),
    ...when(paperFormat === 'postcard' && sensitivity === 'sensitive', {
      path: `${path}/paperFormat`,
      text: 'Ett känsligt flöde kan inte gå som vykort: vem som helst kan läsa det på vägen.',
    }),
    ...when(paperFormat === 'postcard' && eInvoice, {
      path: `${path}/paperFormat`,
      text: 'En faktura får inte plats på ett vykort.',
    }),
    ...when(paperFormat === 'postcard' && printLayout !== undefined, {
      path: `${path}/printLayout`,
      text: 'Ett vykort har inget kuvert, så utformningen gäller inget.',
    }),
    ...when(unreadAction !== 'nothing' && unreadDays === undefined, {
      path: `${path}/unreadDays`,
      text: 'Ange efter hur många dagar ett oöppnat brev ska åtgärdas.',
    }),
    ...when(unreadAction === 'nothing' && unreadDays !== undefined, {
      path: `${path}/unreadAction`,
      text: 'Ange vad som ska göras med ett brev som ingen har öppnat.',
    }),
    ...when(unreadAction === 'print' && channelPolicy !== 'digitalFirst', {
      path: `${path}/unreadAction`,
      text: 'Bara ett flöde som går digitalt i första hand kan skrivas ut när ingen har öppnat brevet.',
    }),
    ...when(unreadAction === 'remind' && notification !== 'whenUnread', {
      path: `${path}/notification`,
      text: 'En påminnelse går med sms eller e-post: ange whenUnread.',
    }),
    ...when(unreadDays !== undefined && unreadDays >= retentionDays, {
      path: `${path}/unreadDays`,
      text: 'Brevet gallras innan det kan åtgärdas: retentionDays måste vara större.',
    }),
    ...when(isPaperOnly && notification !== 'none', {
      path: `${path}/notification`,
      text: 'Ett flöde som alltid går på papper har ingen avisering.',
    }),
    ...when(notification === 'none' && notice !== undefined, {
      path: `${path}/notice`,
      text: 'Flödet har ingen avisering (notification), så inställningarna gäller inget.',
    }),
    ...when(isPaperOnly && eInvoice, {
      path: `${path}/eInvoice`,
      text: 'Ett flöde som alltid går på papper kan inte gå som e-faktura.',
    }),
    ...when(!eInvoice && eInvoiceWaitHours !== undefined, {
      path: `${path}/eInvoiceWaitHours`,
      text: 'Flödet går inte som e-faktura.',
    }),
    ...when(!eInvoice && eInvoiceVatPercent !== undefined, {
      path: `${path}/eInvoiceVatPercent`,
      text: 'Flödet går inte som e-faktura.',
    }),
  ];
}

/** The unit's own envelopes must be there, and a postcard has none. */
function paperFaults(
  { unit: unitCode, envelope, paperFormat, firstPage, printLayout }: FlowSettings,
  path: string,
  { units, organisation }: OrganisationConfiguration,
): PathFault[] {
  const unit = units.find(({ code }) => code === unitCode);
  const layout = organisation.printLayouts.find(({ code }) => code === printLayout) ?? STANDARD_LAYOUT;
  const fits = layout.envelopes.some(({ kind }) => unit?.envelopeSizes?.includes(kind) ?? true);
  const isBarcode = envelope === 'barcode' && unit !== undefined;
  return [
    ...when(isBarcode && unit.envelopeCode === undefined, {
      path: `${path}/envelope`,
      text: `Enheten ${unitCode} har inga streckkodskuvert (envelopeCode).`,
    }),
    ...when(isBarcode && !fits, {
      path: `${path}/envelope`,
      text: `Enheten ${unitCode} har inga streckkodskuvert i någon av utformningens storlekar (envelopeSizes).`,
    }),
    ...when(paperFormat === 'postcard' && envelope === 'barcode', {
      path: `${path}/envelope`,
      text: 'Ett vykort har inget kuvert.',
    }),
    ...when(paperFormat === 'postcard' && firstPage !== 'cover', {
      path: `${path}/firstPage`,
      text: 'Ett vykort har ingen förstasida.',
    }),
  ];
}

/** Invoices are written with the creditor's facts; without them the flow would send none, and nobody would know why. */
function vatFaults(
  percent: number | undefined,
  { organisation: { creditor } }: OrganisationConfiguration,
  path: string,
): PathFault[] {
  return [
    ...when(percent !== undefined && creditor === undefined, {
      path: `${path}/eInvoiceVatPercent`,
      text: 'Fakturor kan bara skrivas när organisationen har uppgifter om fakturautställaren (creditor).',
    }),
    ...when(percent === 0 && creditor !== undefined && creditor.vatExemption === undefined, {
      path: `${path}/eInvoiceVatPercent`,
      text: 'En faktura utan moms måste säga varför: ange vatExemption för organisationen (creditor).',
    }),
  ];
}

/** Which of several is nobody's guess, so the flow says it. */
function shopFaults(
  { printShop = '', channelPolicy }: FlowSettings,
  path: string,
  shops: ReadonlySet<string>,
): PathFault[] {
  return [
    ...unknown(printShop, shops, `${path}/printShop`, 'Tryckeriet'),
    ...when(printShop === '' && channelPolicy !== 'digitalOnly' && shops.size > 1, {
      path: `${path}/printShop`,
      text: 'Det finns flera tryckerier: flödet måste säga vilket som gäller.',
    }),
  ];
}

function systemFaults(
  { unit = '', flows }: SystemSettings,
  path: string,
  unitCodes: ReadonlySet<string>,
  flowCodes: ReadonlySet<string>,
): PathFault[] {
  return [
    ...unknown(unit, unitCodes, `${path}/unit`, 'Enheten'),
    ...flows.flatMap((flow, n) => unknown(flow, flowCodes, `${path}/flows/${n}`, 'Flödet')),
    ...flows.flatMap((flow, n) =>
      when(flow !== '' && flows.indexOf(flow) < n, {
        path: `${path}/flows/${n}`,
        text: `Flödet ${flow} står två gånger.`,
      }),
    ),
  ];
}

/** The systems that a portal's forms are for. */
function receiverFaults({ waysIn }: SystemSettings, path: string, systems: readonly SystemSettings[]): PathFault[] {
  const codes = new Set(systems.map(({ code }) => code));
  const products = waysIn.forms?.['products'];
  if (!Array.isArray(products)) return [];
  return products.flatMap((product: { readonly receiver?: unknown } | null, n) => {
    const receiver = typeof product?.receiver === 'string' ? product.receiver : '';
    return unknown(receiver, codes, `${path}/waysIn/forms/products/${n}/receiver`, 'Systemet');
  });
}

/** What is handed in as a notice is nothing else: it lies open with the operator, unsigned, and no letter follows. */
function noticeFaults({ waysIn }: SystemSettings, path: string, flows: readonly FlowSettings[]): PathFault[] {
  const code = waysIn.notification?.['flow'];
  const flow = flows.find((each) => each.code === code);
  return when(flow !== undefined && flow.notification !== 'noticeOnly', {
    path: `${path}/waysIn/notification/flow`,
    text: `Flödet ${code} består inte av enbart en avisering (notification: noticeOnly).`,
  });
}

/** A credential says who calls, so it can be one system's only. */
function credentialFaults(systems: readonly SystemSettings[]): PathFault[] {
  const holders = new Map<string, string>();
  return systems.flatMap(({ code, credentials = [] }, n) =>
    credentials.flatMap(({ kind, sha256 }, m) => {
      if (sha256 === '') return [];
      const key = `${kind} ${sha256}`;
      const holder = holders.get(key);
      holders.set(key, holder ?? code);
      return when(holder !== undefined, {
        path: `systems/${n}/credentials/${m}/sha256`,
        text: `${WHAT[kind]} hör redan till systemet ${holder}. Varje system ska ha sitt eget.`,
      });
    }),
  );
}

const WHAT: Readonly<Record<CredentialSettings['kind'], string>> = {
  apiKey: 'API-nyckeln',
  oauthClient: 'Klienthemligheten',
  certificate: 'Certifikatet',
  sshKey: 'SSH-nyckeln',
  password: 'Lösenordet',
};

function unknown(code: string, known: ReadonlySet<string>, path: string, what: string): PathFault[] {
  return when(code !== '' && !known.has(code), { path, text: `${what} ${code} finns inte i filen.` });
}

function when(isSo: boolean, fault: PathFault): PathFault[] {
  return isSo ? [fault] : [];
}
