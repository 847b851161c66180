import {
  BATCH_KEYS,
  type CutOff,
  type HandOver,
  LETTERS_MAX_DEFAULT,
  PROMISES,
  type PrintShopSettings,
} from '../printShop/printShop.ts';
import type { ObjectReader, TextRule } from './objectReader.ts';

const HOST = { pattern: /^[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?$/, patternText: 'ska vara ett datornamn' };
const USER = { pattern: /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/, patternText: 'ska vara ett kontonamn' };
const HOST_KEY = {
  pattern: /^SHA256:[A-Za-z0-9+/]{43}$/,
  patternText: 'ska vara serverns nyckel som ssh-keygen -l skriver den: SHA256: och 43 tecken',
};
/** Absolute or under the account's home, and never upwards. */
const DIRECTORY = {
  pattern: /^(?!.*(?:^|\/)\.\.(?:\/|$))[A-Za-z0-9._/-]{1,200}$/,
  patternText: 'ska vara en mapp: bokstäver, siffror, punkt, bindestreck och snedstreck',
};
const HOURS = { min: 1, max: 720 };
const LETTERS = { min: 1, max: 100_000 };
const CUT_OFFS_MAX = 24;
const WORKDAYS = [1, 2, 3, 4, 5];
const SHOP_DEFAULTS = { acknowledgedHours: 24, producedHours: 48, postedHours: 72 };

/** One of `printShops`. */
export function readPrintShop(
  at: ObjectReader,
  rules: { readonly code: TextRule; readonly timeOfDay: TextRule },
): PrintShopSettings {
  const shop: PrintShopSettings = {
    code: at.text('code', rules.code),
    name: at.text('name'),
    handOver: readHandOver(at.optionalObject('handOver')),
    cutOffs: readCutOffs(at, rules.timeOfDay),
    lettersMax: at.optionalInteger('lettersMax', LETTERS) ?? LETTERS_MAX_DEFAULT,
    files: at.choice('files', ['each', 'one'], 'each'),
    batchBy: readBatchBy(at),
    receipts: at.choice('receipts', PROMISES, 'none'),
    acknowledgedHours: at.optionalInteger('acknowledgedHours', HOURS) ?? SHOP_DEFAULTS.acknowledgedHours,
    producedHours: at.optionalInteger('producedHours', HOURS) ?? SHOP_DEFAULTS.producedHours,
    postedHours: at.optionalInteger('postedHours', HOURS) ?? SHOP_DEFAULTS.postedHours,
  };
  at.end();
  return shop;
}

function readHandOver(at: ObjectReader | undefined): HandOver {
  const way = at?.choice('way', ['folder', 'sftp']) ?? 'folder';
  const handOver: HandOver =
    at === undefined || way === 'folder'
      ? { way: 'folder' }
      : {
          way,
          host: at.text('host', HOST),
          port: at.optionalInteger('port', { min: 1, max: 65_535 }) ?? 22,
          user: at.text('user', USER),
          hostKey: at.text('hostKey', HOST_KEY),
          directory: at.optionalText('directory', DIRECTORY) ?? '.',
        };
  at?.end();
  return handOver;
}

function readCutOffs(at: ObjectReader, timeOfDay: TextRule): CutOff[] {
  const readers = at.objects('cutOffs');
  if (readers.length > CUT_OFFS_MAX) at.fault('cutOffs', `Högst ${CUT_OFFS_MAX} stopptider får plats.`);
  return readers.map((each) => {
    const cutOff = { at: each.text('at', timeOfDay), weekdays: readWeekdays(each) };
    each.end();
    return cutOff;
  });
}

function readWeekdays(at: ObjectReader): number[] {
  const days = at.integers('weekdays', { min: 1, max: 7 });
  if (new Set(days).size < days.length) at.fault('weekdays', 'Samma veckodag står två gånger.');
  return days.length === 0 ? WORKDAYS : days.toSorted((a, b) => a - b);
}

function readBatchBy(at: ObjectReader): PrintShopSettings['batchBy'] {
  const keys = at.texts('batchBy');
  const known = BATCH_KEYS.filter((key) => keys.includes(key));
  if (known.length < keys.length) {
    at.fault('batchBy', `Fältet kan ha, en gång var: ${BATCH_KEYS.join(', ')}.`);
  }
  return known;
}
