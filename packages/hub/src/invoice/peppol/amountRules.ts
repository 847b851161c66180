import type { PlainElement } from '@brevduva/protocol';
import { abs, type Decimal, decimal, isLineAmount, parseDecimal, percentOf, sum, toHundredths } from './decimal.ts';
import { type PeppolRule, rule } from './rule.ts';
import { all, amount, everywhere, has, number, text, total } from './ublDocument.ts';

const TOTALS = 'LegalMonetaryTotal';
const charges = (element: PlainElement, isCharge: boolean): Decimal =>
  sum(
    all(element, 'AllowanceCharge')
      .filter((each) => text(each, 'ChargeIndicator') === String(isCharge))
      .map((each) => amount(each, 'Amount')),
  );
/** Of the document's own currency; the other is for the tax authority's accounts. */
const taxTotals = (invoice: PlainElement) => all(invoice, 'TaxTotal').filter((each) => has(each, 'TaxSubtotal'));
const totals = (invoice: PlainElement, name: string) => amount(invoice, `${TOTALS}/${name}`);

/** Whether the sums of an invoice add up. Counted exactly, in whole numbers. */
export const AMOUNT_RULES: readonly PeppolRule[] = [
  rule(
    'BR-CO-10',
    'Radernas nettobelopp ska stämma med sin summa.',
    (invoice) =>
      totals(invoice, 'LineExtensionAmount') === toHundredths(total(invoice, 'InvoiceLine/LineExtensionAmount')),
  ),
  rule(
    'BR-CO-11',
    'Avdragen ska stämma med sin summa.',
    (invoice) => totals(invoice, 'AllowanceTotalAmount') === toHundredths(charges(invoice, false)),
  ),
  rule(
    'BR-CO-12',
    'Tilläggen ska stämma med sin summa.',
    (invoice) => totals(invoice, 'ChargeTotalAmount') === toHundredths(charges(invoice, true)),
  ),
  rule(
    'BR-CO-13',
    'Summan utan moms ska vara radernas summa, minus avdrag, plus tillägg.',
    (invoice) =>
      totals(invoice, 'TaxExclusiveAmount') ===
      toHundredths(
        totals(invoice, 'LineExtensionAmount') -
          totals(invoice, 'AllowanceTotalAmount') +
          totals(invoice, 'ChargeTotalAmount'),
      ),
  ),
  rule('BR-CO-14', 'Momsen ska vara summan av momsgruppernas moms.', (invoice) =>
    taxTotals(invoice).every(
      (each) => amount(each, 'TaxAmount') === toHundredths(total(each, 'TaxSubtotal/TaxAmount')),
    ),
  ),
  rule('BR-CO-15', 'Summan med moms ska vara summan utan moms plus momsen.', (invoice) => {
    const [tax, ...more] = taxTotals(invoice);
    const withTax = totals(invoice, 'TaxExclusiveAmount') + amount(tax, 'TaxAmount');
    return more.length === 0 && totals(invoice, 'TaxInclusiveAmount') === toHundredths(withTax);
  }),
  rule(
    'BR-CO-16',
    'Beloppet att betala ska vara summan med moms, minus det som är betalt, plus öresavrundningen.',
    (invoice) =>
      totals(invoice, 'PayableAmount') ===
      toHundredths(
        totals(invoice, 'TaxInclusiveAmount') -
          totals(invoice, 'PrepaidAmount') +
          totals(invoice, 'PayableRoundingAmount'),
      ),
  ),
  rule('BR-CO-17', 'Momsen i varje momsgrupp ska vara underlaget gånger momssatsen.', (invoice) =>
    all(invoice, 'TaxTotal/TaxSubtotal').every((each) => {
      const percent = amount(each, 'TaxCategory/Percent');
      return isTaxOf(amount(each, 'TaxAmount'), amount(each, 'TaxableAmount'), percent);
    }),
  ),
  rule(
    'PEPPOL-EN16931-R053',
    'Fakturan ska ha en momssumma med momsgrupper.',
    (invoice) => taxTotals(invoice).length === 1,
  ),
  rule(
    'PEPPOL-EN16931-R054',
    'En momssumma utan momsgrupper hör bara till en annan momsvaluta.',
    (invoice) =>
      all(invoice, 'TaxTotal').length - taxTotals(invoice).length === (has(invoice, 'TaxCurrencyCode') ? 1 : 0),
  ),
  rule('PEPPOL-EN16931-R051', 'Alla belopp ska vara i fakturans valuta.', (invoice) =>
    everywhere(invoice, ...AMOUNTS)
      .concat(taxTotals(invoice).flatMap((each) => all(each, 'TaxAmount')))
      .every(({ attributes }) => attributes.get('currencyID') === text(invoice, 'DocumentCurrencyCode')),
  ),
  rule(
    'PEPPOL-EN16931-R120',
    'Radens nettobelopp ska vara kvantitet gånger pris, plus tillägg, minus avdrag.',
    (invoice) =>
      all(invoice, 'InvoiceLine').every((line) =>
        isLineAmount({
          total: amount(line, 'LineExtensionAmount'),
          quantity: number(line, 'InvoicedQuantity') ?? decimal(1),
          price: amount(line, 'Price/PriceAmount'),
          base: number(line, 'Price/BaseQuantity') ?? decimal(1),
          rest: charges(line, true) - charges(line, false),
        }),
      ),
  ),
  ...twoDecimals('BR-DEC-09', `${TOTALS}/LineExtensionAmount`, 'Summan av raderna'),
  ...twoDecimals('BR-DEC-12', `${TOTALS}/TaxExclusiveAmount`, 'Summan utan moms'),
  ...twoDecimals('BR-DEC-13', 'TaxTotal/TaxAmount', 'Momsen'),
  ...twoDecimals('BR-DEC-14', `${TOTALS}/TaxInclusiveAmount`, 'Summan med moms'),
  ...twoDecimals('BR-DEC-17', `${TOTALS}/PayableRoundingAmount`, 'Öresavrundningen'),
  ...twoDecimals('BR-DEC-18', `${TOTALS}/PayableAmount`, 'Beloppet att betala'),
  ...twoDecimals('BR-DEC-19', 'TaxTotal/TaxSubtotal/TaxableAmount', 'Momsgruppens underlag'),
  ...twoDecimals('BR-DEC-20', 'TaxTotal/TaxSubtotal/TaxAmount', 'Momsgruppens moms'),
  ...twoDecimals('BR-DEC-23', 'InvoiceLine/LineExtensionAmount', 'Radens nettobelopp'),
];

const AMOUNTS = [
  ...['Amount', 'BaseAmount', 'PriceAmount', 'TaxableAmount', 'LineExtensionAmount', 'TaxExclusiveAmount'],
  ...['TaxInclusiveAmount', 'AllowanceTotalAmount', 'ChargeTotalAmount', 'PrepaidAmount', 'PayableRoundingAmount'],
  'PayableAmount',
];

/** The published rule leaves less than one whole unit of the currency to rounding of lines; nothing at nought per cent. */
export function isTaxOf(tax: Decimal, taxable: Decimal, percent: Decimal): boolean {
  if (percent === 0n) return tax === 0n;
  return abs(abs(tax) - percentOf(abs(taxable), percent)) < decimal(1);
}

function twoDecimals(id: string, path: string, what: string): PeppolRule[] {
  const holds = (invoice: PlainElement) =>
    all(invoice, path).every(({ text: written }) => {
      const [, decimals = ''] = written.split('.');
      return decimals.length <= 2 && parseDecimal(written) !== undefined;
    });
  return [rule(id, `${what} ska vara ett tal med högst två decimaler.`, holds)];
}
