import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { assetHref, uiAssets } from '../src/index.ts';

test('every file has a path with its hash, a type and bytes', () => {
  for (const { path, contentType, bytes } of uiAssets) {
    assert.match(path, /^\/assets\/[0-9a-f]{16}-[a-z0-9.-]+$/);
    assert.match(contentType, /^[a-z]+\/[a-z+]+(; charset=utf-8)?$/);
    assert.ok(bytes.length > 100, path);
  }
  assert.equal(new Set(uiAssets.map((asset) => asset.path)).size, uiAssets.length);
  assert.ok(uiAssets.some((asset) => asset.path === assetHref('brevduva.css')));
});

test('the style sheets fetch nothing from elsewhere; fonts by their hashed path', () => {
  const styles = uiAssets.filter((asset) => asset.path.endsWith('.css'));
  assert.equal(styles.length, 2);
  for (const { bytes } of styles) {
    const addresses = [...bytes.toString('utf8').matchAll(/url\("?([^")]*)/g)].map(([, address]) => address ?? '');
    for (const address of addresses) {
      const isOurs = uiAssets.some((asset) => asset.path === address);
      assert.ok(isOurs || address.startsWith('data:image/svg+xml'), address);
    }
    assert.ok(!bytes.includes('@import'));
  }
});

test('the fonts hold the tables of the TrueType files they were made from', () => {
  const fonts = uiAssets.filter((asset) => asset.contentType === 'font/woff');
  assert.equal(fonts.length, 2);
  for (const { bytes } of fonts) {
    assert.equal(bytes.toString('latin1', 0, 4), 'wOFF');
    assert.equal(bytes.readUInt32BE(8), bytes.length);
    const tables = woffTables(bytes);
    for (const tag of ['cmap', 'glyf', 'head', 'name', 'GPOS']) assert.ok(tables.has(tag), tag);
    assert.match(tables.get('name')?.toString('latin1') ?? '', /S\0o\0u\0r\0c\0e/);
  }
});

function woffTables(font: Buffer): Map<string, Buffer> {
  const tables = new Map<string, Buffer>();
  for (let index = 0; index < font.readUInt16BE(12); index += 1) {
    const entry = 44 + index * 20;
    const start = font.readUInt32BE(entry + 4);
    const body = font.subarray(start, start + font.readUInt32BE(entry + 8));
    const length = font.readUInt32BE(entry + 12);
    const bytes = body.length < length ? inflateSync(body) : body;
    assert.equal(bytes.length, length);
    tables.set(font.toString('latin1', entry, entry + 4), bytes);
  }
  return tables;
}
