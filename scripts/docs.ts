/* Writes the generated pages and pictures under docs/: `npm run docs`. */
import { writeFile } from 'node:fs/promises';
import { barcodeEnvelopePicture } from '../packages/hub/src/paper/barcodeEnvelopePicture.ts';
import { layoutPicture } from '../packages/hub/src/paper/layoutPicture.ts';
import { STANDARD_LAYOUT } from '../packages/hub/src/paper/printLayout.ts';
import { conformancePage } from './conformancePage.ts';
import { errorPage } from './errorCodes.ts';

await writeFile(new URL('../docs/errors.md', import.meta.url), errorPage());
await writeFile(new URL('../docs/conformance.md', import.meta.url), conformancePage());
for (const envelope of STANDARD_LAYOUT.envelopes) {
  const file = `../docs/images/layout-${envelope.kind.toLowerCase()}.svg`;
  await writeFile(new URL(file, import.meta.url), layoutPicture(STANDARD_LAYOUT, envelope));
}
const [, c5] = STANDARD_LAYOUT.envelopes;
if (c5 === undefined) throw new Error('the standard layout has lost its C5');
await writeFile(
  new URL('../docs/images/envelope-barcode.svg', import.meta.url),
  barcodeEnvelopePicture(STANDARD_LAYOUT, c5, '31-0195'),
);
