import type { PlainElement } from '@brevduva/protocol';
import { isTaxOf } from './amountRules.ts';
import { abs, type Decimal, decimal, sum } from './decimal.ts';
import { type PeppolRule, rule } from './rule.ts';
import { all, amount, has, text } from './ublDocument.ts';

const LINE_CATEGORY = 'Item/ClassifiedTaxCategory';
const SELLER_TAX = 'AccountingSupplierParty/Party/PartyTaxScheme/CompanyID';

const linesOf = (invoice: PlainElement, code: string) =>
  all(invoice, 'InvoiceLine').filter((line) => text(line, `${LINE_CATEGORY}/ID`) === code);
const chargesOf = (invoice: PlainElement, code: string) =>
  all(invoice, 'AllowanceCharge').filter((each) => text(each, 'TaxCategory/ID') === code);
const groupsOf = (invoice: PlainElement, code: string) =>
  all(invoice, 'TaxTotal/TaxSubtotal').filter((each) => text(each, 'TaxCategory/ID') === code);
const isUsed = (invoice: PlainElement, code: string) =>
  linesOf(invoice, code).length + chargesOf(invoice, code).length > 0;
const eachGroup = (code: string, holds: (group: PlainElement) => boolean) => (invoice: PlainElement) =>
  groupsOf(invoice, code).every(holds);
const hasReason = (group: PlainElement) =>
  has(group, 'TaxCategory/TaxExemptionReason') || has(group, 'TaxCategory/TaxExemptionReasonCode');

/** Value added tax: the standard rates (S), what is exempt (E) and what is not subject to it (O), which is what Swedish authorities have. */
export const VAT_RULES: readonly PeppolRule[] = [
  rule(
    'BR-S-01',
    'Rader med moms ska ha en momsgrupp.',
    (invoice) => isUsed(invoice, 'S') === groupsOf(invoice, 'S').length > 0,
  ),
  rule(
    'BR-S-02',
    'En faktura med moms ska ange säljarens momsregistreringsnummer.',
    (invoice) => linesOf(invoice, 'S').length === 0 || has(invoice, SELLER_TAX),
  ),
  rule('BR-S-05', 'En rad med moms ska ha en momssats över noll.', (invoice) =>
    linesOf(invoice, 'S').every((line) => amount(line, `${LINE_CATEGORY}/Percent`) > 0n),
  ),
  rule('BR-S-08', 'Momsgruppens underlag ska vara summan av radernas nettobelopp med samma momssats.', (invoice) =>
    groupsOf(invoice, 'S').every((group) => {
      const rate = amount(group, 'TaxCategory/Percent');
      return abs(amount(group, 'TaxableAmount') - taxableOf(invoice, 'S', rate)) < decimal(1);
    }),
  ),
  rule(
    'BR-S-09',
    'Momsgruppens moms ska vara underlaget gånger momssatsen.',
    eachGroup('S', (group) =>
      isTaxOf(amount(group, 'TaxAmount'), amount(group, 'TaxableAmount'), amount(group, 'TaxCategory/Percent')),
    ),
  ),
  rule(
    'BR-S-10',
    'En momsgrupp med moms ska inte ha skäl till undantag.',
    eachGroup('S', (group) => !hasReason(group)),
  ),
  rule(
    'BR-E-01',
    'Momsfria rader ska ha exakt en momsgrupp.',
    (invoice) => groupsOf(invoice, 'E').length === (isUsed(invoice, 'E') ? 1 : 0),
  ),
  rule(
    'BR-E-02',
    'En faktura med momsfria rader ska ange säljarens momsregistreringsnummer.',
    (invoice) => linesOf(invoice, 'E').length === 0 || has(invoice, SELLER_TAX),
  ),
  rule('BR-E-05', 'En momsfri rad ska ha momssatsen noll.', (invoice) =>
    linesOf(invoice, 'E').every((line) => text(line, `${LINE_CATEGORY}/Percent`) !== '' && isNought(line)),
  ),
  rule('BR-E-08', 'Den momsfria gruppens underlag ska vara summan av de momsfria raderna.', (invoice) =>
    groupsOf(invoice, 'E').every((group) => amount(group, 'TaxableAmount') === taxableOf(invoice, 'E')),
  ),
  rule(
    'BR-E-09',
    'Den momsfria gruppens moms ska vara noll.',
    eachGroup('E', (group) => amount(group, 'TaxAmount') === 0n),
  ),
  rule('BR-E-10', 'En momsfri grupp ska säga varför den är momsfri.', eachGroup('E', hasReason)),
  rule(
    'BR-O-01',
    'Rader utanför momsen ska ha exakt en momsgrupp.',
    (invoice) => groupsOf(invoice, 'O').length === (isUsed(invoice, 'O') ? 1 : 0),
  ),
  rule(
    'BR-O-02',
    'En faktura med rader utanför momsen ska inte ange momsregistreringsnummer.',
    (invoice) =>
      linesOf(invoice, 'O').length === 0 ||
      !['AccountingSupplierParty', 'AccountingCustomerParty'].some((party) =>
        has(invoice, `${party}/Party/PartyTaxScheme/CompanyID`),
      ),
  ),
  rule('BR-O-05', 'En rad utanför momsen ska inte ha någon momssats.', (invoice) =>
    linesOf(invoice, 'O').every((line) => !has(line, `${LINE_CATEGORY}/Percent`)),
  ),
  rule('BR-O-08', 'Underlaget utanför momsen ska vara summan av sina rader.', (invoice) =>
    groupsOf(invoice, 'O').every((group) => amount(group, 'TaxableAmount') === taxableOf(invoice, 'O')),
  ),
  rule(
    'BR-O-09',
    'Momsen utanför momsen ska vara noll.',
    eachGroup('O', (group) => amount(group, 'TaxAmount') === 0n),
  ),
  rule('BR-O-10', 'En grupp utanför momsen ska säga varför.', eachGroup('O', hasReason)),
];

function isNought(line: PlainElement): boolean {
  return amount(line, `${LINE_CATEGORY}/Percent`) === 0n;
}

/** What a group's tax is counted on: its lines, less allowances, and charges. */
function taxableOf(invoice: PlainElement, code: string, rate?: Decimal): Decimal {
  const lines = linesOf(invoice, code).filter(
    (line) => rate === undefined || amount(line, `${LINE_CATEGORY}/Percent`) === rate,
  );
  const charges = chargesOf(invoice, code)
    .filter((each) => rate === undefined || amount(each, 'TaxCategory/Percent') === rate)
    .map((each) => (text(each, 'ChargeIndicator') === 'true' ? amount(each, 'Amount') : -amount(each, 'Amount')));
  return sum([...lines.map((line) => amount(line, 'LineExtensionAmount')), ...charges]);
}
