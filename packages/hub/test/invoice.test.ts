import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAmount, readSwedishAmount } from '../src/invoice/amount.ts';
import { checkInvoice, type InvoiceDraft } from '../src/invoice/checkInvoice.ts';
import { giroAccountText, readGiroAccount } from '../src/invoice/giroAccount.ts';
import { contractInvoice } from '../src/invoice/invoice.ts';

const GOOD: InvoiceDraft = {
  dueDate: '2026-12-24',
  amount: '1234.50',
  currency: 'SEK',
  bankgiro: '5050-1055',
  plusgiro: undefined,
  ocr: '70012075',
  message: undefined,
};

/** `code path` of each fault of the good invoice with changes. */
function faultsOf(changes: Partial<InvoiceDraft>): string[] {
  return checkInvoice({ ...GOOD, ...changes }).faults.map(({ code, path }) => `${code} ${path}`);
}

describe('amounts', () => {
  test('are whole hundredths, digit by digit', () => {
    const cases = [
      ['1', 100],
      ['1.5', 150],
      ['0.01', 1],
      ['1234.50', 123_450],
      ['9999999999.99', 999_999_999_999],
      // What a float would make 114.99999999999999 of.
      ['1.15', 115],
    ] as const;
    for (const [text, hundredths] of cases) assert.equal(parseAmount(text), hundredths, text);
    for (const text of ['', '0', '0.00', '-1', '1,50', '1.505', '1e3', ' 1', '12345678901', 'NaN', '٣']) {
      assert.equal(parseAmount(text), undefined, text);
    }
  });

  test('as people in Sweden write them', () => {
    const cases = {
      '1 234,50': '1234.50',
      '1234.50': '1234.50',
      '1 234,50 kr': '1234.50',
      '1\u00a0234\u202f567,5 SEK': '1234567.5',
      '12345': '12345',
      '99:-': '99',
    };
    for (const [text, decimal] of Object.entries(cases)) assert.deepEqual(readSwedishAmount(text), { decimal }, text);
  });

  test('what can be read in two ways, or not at all, is not guessed at', () => {
    const refused = (text: string) => (readSwedishAmount(text) as { text?: string }).text ?? '';
    for (const text of ['1.234', '1,234', '1.234,50', '1,234.50']) assert.match(refused(text), /mer än ett sätt/, text);
    for (const text of ['', 'tolv', '1 23,50', '12 34', '1,5.0', '1234,4999999', '$10']) {
      assert.match(refused(text), /går inte att läsa|mer än ett sätt/, text);
    }
    assert.match(refused('-100,00'), /negativt/);
    assert.match(refused('\u2212100,00'), /negativt/);
    assert.match(refused('0,00'), /noll/);
  });
});

describe('accounts', () => {
  test('are read with or without hyphen and spaces, and kept as digits', () => {
    const number = (kind: 'bankgiro' | 'plusgiro', text: string) => {
      const read = readGiroAccount(kind, text);
      return 'account' in read ? [read.account.number, giroAccountText(read.account)] : read.text;
    };
    assert.deepEqual(number('bankgiro', '5050-1055'), ['50501055', '5050-1055']);
    assert.deepEqual(number('bankgiro', ' 50501055 '), ['50501055', '5050-1055']);
    assert.deepEqual(number('plusgiro', '4 15 87-7'), ['415877', '41587-7']);
    assert.deepEqual(number('plusgiro', '18'), ['18', '1-8']);
    assert.equal(number('bankgiro', '5050-1056'), 'Bankgironumret har fel kontrollsiffra.');
    assert.equal(number('plusgiro', '41587-6'), 'Plusgironumret har fel kontrollsiffra.');
    assert.match(String(number('bankgiro', '50-501055')), /sju eller åtta siffror/);
    assert.match(String(number('plusgiro', 'SE35 5000')), /två till åtta siffror/);
  });
});

describe('an invoice', () => {
  test('is the contract’s, with its amount times a hundred', () => {
    const { invoice, faults } = checkInvoice(GOOD);
    assert.deepEqual(faults, []);
    assert.ok(invoice);
    assert.deepEqual(contractInvoice(invoice), {
      DueDate: '2026-12-24',
      Amount: { content: 123_450n, CurrencyCode: 'SEK' },
      AccountMethod: 'BG',
      AccountNumber: '50501055',
      OcrNumber: '70012075',
    });
  });

  test('has a fault of its own for each field', () => {
    assert.deepEqual(faultsOf({ amount: '0' }), ['HUB_INVOICE_AMOUNT invoice/amount']);
    assert.deepEqual(faultsOf({ currency: 'USD' }), ['HUB_INVOICE_CURRENCY invoice/currency']);
    for (const dueDate of ['2026-02-29', '2026-13-01', '24/12 2026', '20261224', '1926-12-24']) {
      assert.deepEqual(faultsOf({ dueDate }), ['HUB_INVOICE_DUE_DATE invoice/dueDate'], dueDate);
    }
    assert.deepEqual(faultsOf({ bankgiro: '5050-1056' }), ['HUB_INVOICE_ACCOUNT invoice/bankgiro']);
    assert.deepEqual(faultsOf({ bankgiro: undefined, plusgiro: '1-1' }), ['HUB_INVOICE_ACCOUNT invoice/plusgiro']);
    assert.deepEqual(faultsOf({ bankgiro: undefined }), ['HUB_INVOICE_ACCOUNT invoice']);
    assert.deepEqual(faultsOf({ plusgiro: '41587-7' }), ['HUB_INVOICE_ACCOUNT invoice']);
    for (const ocr of ['70012076', '7', 'A70012075', '1'.repeat(26), '']) {
      assert.deepEqual(faultsOf({ ocr }), ['HUB_INVOICE_OCR invoice/ocr'], ocr);
    }
    assert.deepEqual(faultsOf({ message: 'hyra' }), ['HUB_INVOICE_OCR invoice']);
    assert.deepEqual(faultsOf({ ocr: undefined, message: 'x'.repeat(36) }), ['HUB_FIELD_TOO_LONG invoice/message']);
    assert.deepEqual(faultsOf({ ocr: undefined, message: 'rad\nrad' }), ['HUB_FIELD_CHARACTER invoice/message']);
  });
});
