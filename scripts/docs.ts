/* Writes the generated pages under docs/: `npm run docs`. */
import { writeFile } from 'node:fs/promises';
import { errorPage } from './errorCodes.ts';

await writeFile(new URL('../docs/errors.md', import.meta.url), errorPage());
