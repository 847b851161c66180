import { hasCheckDigit, type PlainElement } from '@brevduva/protocol';
import { decimal } from './decimal.ts';
import { type PeppolRule, rule } from './rule.ts';
import { all, amount, everywhere, has, text } from './ublDocument.ts';

const SELLER = 'AccountingSupplierParty/Party';
const DIGITS = /^\d+$/;
const RATES = [25, 12, 6].map(decimal);

const isSwedish = (invoice: PlainElement, party = SELLER) =>
  text(invoice, `${party}/PostalAddress/Country/IdentificationCode`) === 'SE';
/** For invoices of sellers in Sweden; the others are not judged by it. */
const ofSwedes = (holds: PeppolRule['holds']) => (invoice: PlainElement) => !isSwedish(invoice) || holds(invoice);
const vatNumbers = (invoice: PlainElement) =>
  all(invoice, `${SELLER}/PartyTaxScheme`)
    .filter((each) => text(each, 'TaxScheme/ID') === 'VAT')
    .map((each) => text(each, 'CompanyID'))
    .filter((each) => each.startsWith('SE'));
const companyIds = (invoice: PlainElement) =>
  all(invoice, `${SELLER}/PartyLegalEntity/CompanyID`).map((each) => each.text);
const accountsAt = (invoice: PlainElement, branch: string) =>
  all(invoice, 'PaymentMeans')
    .filter((means) => text(means, 'PaymentMeansCode') === '30')
    .map((means) => all(means, 'PayeeFinancialAccount')[0])
    .filter((account) => text(account, 'FinancialInstitutionBranch/ID') === branch)
    .map((account) => text(account, 'ID'));

/** What SFTI adds for sellers in Sweden, and PEPPOL's check of Swedish organisation numbers wherever they stand. */
export const SWEDISH_RULES: readonly PeppolRule[] = [
  rule(
    'PEPPOL-COMMON-R049',
    'Svenska organisationsnummer (0007) ska ha tio siffror med rätt kontrollsiffra.',
    (invoice) =>
      everywhere(invoice, 'EndpointID', 'ID', 'CompanyID')
        .filter(({ attributes }) => attributes.get('schemeID') === '0007')
        .every(({ text: number }) => /^\d{10}$/.test(number) && hasCheckDigit(number)),
  ),
  rule(
    'SE-R-001',
    'Svenska momsregistreringsnummer ska ha 14 tecken.',
    ofSwedes((invoice) => vatNumbers(invoice).every((each) => each.length === 14)),
  ),
  rule(
    'SE-R-002',
    'De tolv sista tecknen i ett svenskt momsregistreringsnummer ska vara siffror.',
    ofSwedes((invoice) => vatNumbers(invoice).every((each) => DIGITS.test(each.slice(2, 14)))),
  ),
  rule(
    'SE-R-003',
    'Säljarens organisationsnummer ska vara siffror.',
    ofSwedes((invoice) => companyIds(invoice).every((each) => DIGITS.test(each))),
  ),
  rule(
    'SE-R-004',
    'Säljarens organisationsnummer ska ha tio tecken.',
    ofSwedes((invoice) => companyIds(invoice).every((each) => each.length === 10)),
  ),
  rule(
    'SE-R-005',
    'Säljarens skatteuppgift vid sidan av momsnumret ska vara ”Godkänd för F-skatt”.',
    ofSwedes((invoice) =>
      all(invoice, `${SELLER}/PartyTaxScheme`)
        .filter((each) => text(each, 'TaxScheme/ID') !== 'VAT' && has(invoice, `${SELLER}/PartyLegalEntity/CompanyID`))
        .every((each) => text(each, 'CompanyID').toUpperCase() === 'GODKÄND FÖR F-SKATT'),
    ),
  ),
  rule(
    'SE-R-006',
    'Momssatsen ska vara 25, 12 eller 6 procent.',
    ofSwedes((invoice) =>
      everywhere(invoice, 'TaxCategory')
        .filter((each) => text(each, 'ID') === 'S')
        .every((each) => RATES.includes(amount(each, 'Percent'))),
    ),
  ),
  rule(
    'SE-R-013',
    'Säljarens organisationsnummer ska ha rätt kontrollsiffra.',
    ofSwedes((invoice) => companyIds(invoice).every((each) => DIGITS.test(each) && hasCheckDigit(each))),
  ),
  ...accountRules('SE:PLUSGIRO', 'Plusgironumret', ['SE-R-007', 'SE-R-010'], { min: 2, max: 8 }),
  ...accountRules('SE:BANKGIRO', 'Bankgironumret', ['SE-R-008', 'SE-R-009'], { min: 7, max: 8 }),
  rule(
    'SE-R-011',
    'Bankgiro och plusgiro ska anges med betalsätt 30, inte 50 eller 56.',
    ofSwedes((invoice) => !codes(invoice).some((code) => code === '50' || code === '56')),
    'warning',
  ),
  rule(
    'SE-R-012',
    'En kontobetalning inom Sverige ska anges med betalsätt 30, inte 31.',
    (invoice) =>
      !isSwedish(invoice) || !isSwedish(invoice, 'AccountingCustomerParty/Party') || !codes(invoice).includes('31'),
    'warning',
  ),
];

function codes(invoice: PlainElement): string[] {
  return all(invoice, 'PaymentMeans/PaymentMeansCode').map((each) => each.text);
}

function accountRules(
  branch: string,
  what: string,
  [digitsId, lengthId]: readonly [string, string],
  { min, max }: { readonly min: number; readonly max: number },
): PeppolRule[] {
  const every = (holds: (account: string) => boolean) =>
    ofSwedes((invoice: PlainElement) => accountsAt(invoice, branch).every(holds));
  return [
    rule(
      digitsId,
      `${what} ska vara bara siffror.`,
      every((each) => DIGITS.test(each)),
      'warning',
    ),
    rule(
      lengthId,
      `${what} ska ha ${min}–${max} siffror.`,
      every((each) => each.length >= min && each.length <= max),
      'warning',
    ),
  ];
}
