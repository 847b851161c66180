import { checkPrintLayout } from '../paper/checkPrintLayout.ts';
import {
  ENVELOPE_KINDS,
  type EnvelopeLayout,
  type PrintLayout,
  type RectangleMm,
  STANDARD_LAYOUT,
} from '../paper/printLayout.ts';
import { MARKED_SHEETS_MAX } from '../paper/sheetMark.ts';
import type { ObjectReader, TextRule } from './objectReader.ts';

const ACROSS_MM = { min: 0, max: 210 };
const DOWN_MM = { min: 0, max: 297 };
const MARGIN_MM = { min: 0, max: 20 };
const SHEET_GRAMS = { min: 3, max: 15 };
const ENVELOPE_GRAMS = { min: 0, max: 100 };

/** A print shop's paper and envelopes, with every place judged; what is left out is as in the standard layout. */
export function readPrintLayout(at: ObjectReader, code: TextRule): PrintLayout {
  const zone = at.optionalObject('markZone');
  const layout: PrintLayout = {
    code: at.text('code', code),
    name: at.text('name'),
    sheetWeightGrams: at.optionalNumber('sheetWeightGrams', SHEET_GRAMS) ?? STANDARD_LAYOUT.sheetWeightGrams,
    marginMm: at.optionalNumber('marginMm', MARGIN_MM) ?? STANDARD_LAYOUT.marginMm,
    markZone: zone === undefined ? STANDARD_LAYOUT.markZone : readRectangle(zone),
    envelopes: at.objects('envelopes').map(readEnvelope),
  };
  if (layout.code === STANDARD_LAYOUT.code)
    at.fault('code', 'Koden är tagen: så heter den utformning som alltid finns.');
  for (const { path, text } of checkPrintLayout(layout)) at.fault(path, text);
  at.end();
  return layout;
}

function readEnvelope(at: ObjectReader): EnvelopeLayout {
  const kind = at.choice('kind', ENVELOPE_KINDS);
  const standard = STANDARD_LAYOUT.envelopes.find((envelope) => envelope.kind === kind);
  const envelope = {
    kind,
    sheetsMax: at.optionalInteger('sheetsMax', { min: 1, max: MARKED_SHEETS_MAX }) ?? standard?.sheetsMax ?? 1,
    weightGrams: at.optionalNumber('weightGrams', ENVELOPE_GRAMS) ?? standard?.weightGrams ?? 0,
    window: readRectangle(at.object('window')),
    quietZone: readRectangle(at.object('quietZone')),
    bodyTopMm: at.number('bodyTopMm', DOWN_MM),
  };
  at.end();
  return envelope;
}

function readRectangle(at: ObjectReader): RectangleMm {
  const rectangle = {
    left: at.number('left', ACROSS_MM),
    top: at.number('top', DOWN_MM),
    width: at.number('width', ACROSS_MM),
    height: at.number('height', DOWN_MM),
  };
  at.end();
  return rectangle;
}
