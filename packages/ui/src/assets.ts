import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { woffFromTrueType } from './woff.ts';

/** A file the browser may keep for ever: its path holds its hash. The shape that `serveAssets` of @brevduva/base takes. */
export interface UiAsset {
  /** `/assets/<hash>-<name>` */
  path: string;
  contentType: string;
  bytes: Buffer;
}

export type UiAssetName =
  | 'designsystemet.css'
  | 'brevduva.css'
  | 'brevduva.js'
  | 'favicon.svg'
  | 'source-sans-3-400.woff'
  | 'source-sans-3-600.woff';

/** The path of one of our files, hash included. */
export function assetHref(name: UiAssetName): string {
  return assetsByName[name].path;
}

const require = createRequire(import.meta.url);

// Only the parts we use, in the order of the package's own index.css; 60 kB instead of 147.
const DESIGN_SYSTEM_PARTS = ['button', 'alert', 'input', 'field', 'fieldset', 'table', 'tag', 'details'] as const;
const STYLE_FILES = [
  'themes',
  'base',
  'layout',
  'surface',
  'controls',
  'data',
  'chart',
  'letter',
  'mailbox',
  'print',
] as const;

const fontRegular = asset('source-sans-3-400.woff', 'font/woff', font('400Regular/SourceSans3_400Regular.ttf'));
const fontSemibold = asset('source-sans-3-600.woff', 'font/woff', font('600SemiBold/SourceSans3_600SemiBold.ttf'));

const assetsByName: Readonly<Record<UiAssetName, UiAsset>> = {
  'source-sans-3-400.woff': fontRegular,
  'source-sans-3-600.woff': fontSemibold,
  'designsystemet.css': asset('designsystemet.css', 'text/css; charset=utf-8', designSystemStyle()),
  'brevduva.css': asset('brevduva.css', 'text/css; charset=utf-8', ownStyle()),
  'brevduva.js': asset('brevduva.js', 'text/javascript; charset=utf-8', ownFile('client/brevduva.js')),
  'favicon.svg': asset('favicon.svg', 'image/svg+xml', ownFile('style/favicon.svg')),
};

/** Every file the pages need; hand it to `serveAssets`. */
export const uiAssets: readonly UiAsset[] = Object.values(assetsByName);

function asset(name: string, contentType: string, bytes: Buffer): UiAsset {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { path: `/assets/${hash}-${name}`, contentType, bytes };
}

function font(path: string): Buffer {
  return woffFromTrueType(readFileSync(require.resolve(`@expo-google-fonts/source-sans-3/${path}`)));
}

function ownFile(path: string): Buffer {
  return readFileSync(new URL(path, import.meta.url));
}

function ownStyle(): Buffer {
  const style = STYLE_FILES.map((name) => ownFile(`style/${name}.css`).toString('utf8')).join('\n');
  // The style sheet lies in the same folder as the fonts, so the names alone are enough.
  const withFonts = style
    .replace('source-sans-3-400.woff', fontRegular.path)
    .replace('source-sans-3-600.woff', fontSemibold.path);
  return Buffer.from(withFonts, 'utf8');
}

function designSystemStyle(): Buffer {
  const part = (name: string) => readFileSync(require.resolve(`@digdir/designsystemet-css/${name}.css`), 'utf8');
  const components = DESIGN_SYSTEM_PARTS.map(part).join('\n');
  const layers = '@layer ds.theme, ds.base, ds.components;';
  return Buffer.from(
    `${layers}\n${part('theme')}\n@layer ds.base{${part('base')}}\n@layer ds.components{${components}}\n`,
    'utf8',
  );
}
