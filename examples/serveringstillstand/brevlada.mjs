// Tömmer ärendebrevlådan: hämtar varje formulär som väntar, sparar filerna och kvitterar med ett ärendenummer.
//   SYSTEM_NYCKEL=… node examples/serveringstillstand/brevlada.mjs
// Kräver Node 20 och inget mer. Kör det om och om igen, till exempel varje minut.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const { BREVDUVA_URL = 'http://localhost:4700', SYSTEM_NYCKEL, MAPP = 'inkommet' } = process.env;
if (!SYSTEM_NYCKEL) throw new Error('Sätt SYSTEM_NYCKEL: systemets API-nyckel.');

let after = '';
do {
  const { forms, next } = await (await call(`?after=${after}`)).json();
  for (const { id } of forms) await take(id);
  after = next;
} while (after !== null);

async function take(id) {
  const form = await (await call(`/${id}`)).json();
  const folder = join(MAPP, basename(id));
  await mkdir(folder, { recursive: true });
  for (const { position, filename } of form.parts) {
    const file = await call(`/${id}/parts/${position}`);
    await writeFile(join(folder, basename(filename)), Buffer.from(await file.arrayBuffer()));
  }
  // Sist: när allt ligger på disk. Dör programmet innan, ligger formuläret kvar i brevlådan.
  const caseReference = `ALK 2026-${id.slice(-6)}`;
  await call(`/${id}/acknowledge`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ caseReference }),
  });
  process.stdout.write(`${caseReference}: ${form.subject} från ${form.fields['Tillståndshavare']} (formulär ${id})\n`);
}

async function call(path, { headers, ...init } = {}) {
  const answer = await fetch(`${BREVDUVA_URL}/api/v1/form-mailbox${path}`, {
    ...init,
    headers: { authorization: `Bearer ${SYSTEM_NYCKEL}`, ...headers },
  });
  if (!answer.ok) throw new Error(`Brevduva svarade ${answer.status}: ${await answer.text()}`);
  return answer;
}
