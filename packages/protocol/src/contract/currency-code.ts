import { oneOf, Schema } from '../notation/index.ts';

/** Currency codes of ISO 4217 as UBL 1.0 listed them in 2004; the invoice schema refers to that list, old codes included. */
export const currencyCodeSchema = new Schema({
  namespace: 'urn:oasis:names:specification:ubl:schema:xsd:CurrencyCode-1.0',
  fileName: 'CurrencyCode',
  prefix: 'ubl',
});

const CODES = (
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZM BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYR BZD CAD CDF CHF ' +
  'CLP CNY COP CRC CUP CVE CYP CZK DJF DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GHC GIP GMD GNF GTQ GYD HKD ' +
  'HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL ' +
  'LVL LYD MAD MDL MGF MKD MMK MNT MOP MRO MTL MUR MVR MWK MXN MYR MZM NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP ' +
  'PKR PLN PYG QAR ROL RUB RWF SAR SBD SCR SDD SEK SGD SHP SIT SKK SLL SOS SRG STD SVC SYP SZL THB TJS TMM TND TOP ' +
  'TRL TTD TWD TZS UAH UGX USD UYU UZS VEB VND VUV WST XAF XAG XAU XCD XDR XOF XPD XPF XPT YER YUM ZAR ZMK ZWD'
).split(' ');

export const CurrencyCodeContentType = currencyCodeSchema.simple(
  'CurrencyCodeContentType',
  oneOf(CODES, 'normalizedString'),
);
