/* Writes the generated pages under docs/: `npm run docs`. */
import { writeFile } from 'node:fs/promises';
import { conformancePage } from './conformancePage.ts';
import { errorPage } from './errorCodes.ts';

await writeFile(new URL('../docs/errors.md', import.meta.url), errorPage());
await writeFile(new URL('../docs/conformance.md', import.meta.url), conformancePage());
