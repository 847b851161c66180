// Ett ärendesystem i liten skala: tar emot formulär som Brevduva lämnar, kontrollerar underskriften och svarar med ett ärendenummer.
//   SYSTEM_NYCKEL=… node examples/serveringstillstand/mottagare.mjs
// Kräver Node 20 och inget mer.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

const { BREVDUVA_URL = 'http://localhost:4700', SYSTEM_NYCKEL, MAPP = 'inkommet', PORT = '4790' } = process.env;
const AGE_SECONDS_MAX = 300;
const BODY_BYTES_MAX = 40 * 1024 * 1024;

if (!SYSTEM_NYCKEL) throw new Error('Sätt SYSTEM_NYCKEL: systemets API-nyckel.');
const secrets = await webhookSecrets();

createServer((request, response) => {
  take(request)
    .then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    )
    .catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      response.writeHead(500).end();
    });
}).listen(Number(PORT), '127.0.0.1', function () {
  process.stdout.write(`Väntar på formulär: http://localhost:${this.address().port}/formular\n`);
});

/** Hemligheten hör till systemet och hämtas med dess nyckel; efter ett byte finns det två en stund. */
async function webhookSecrets() {
  const answer = await fetch(`${BREVDUVA_URL}/api/v1/form-mailbox/secrets`, {
    headers: { authorization: `Bearer ${SYSTEM_NYCKEL}` },
  });
  if (!answer.ok) throw new Error(`Brevduva svarade ${answer.status}: ${await answer.text()}`);
  return (await answer.json()).secrets.map(({ secret }) => secret);
}

async function take(request) {
  if (request.method !== 'POST' || request.url !== '/formular') return { status: 404, body: {} };
  const body = await readBody(request);
  if (!isSigned(request.headers['brevduva-signature'] ?? '', body)) return { status: 401, body: {} };
  const form = await new Response(body, { headers: { 'content-type': request.headers['content-type'] } }).formData();
  const message = JSON.parse(form.get('message'));
  // Samma formulär kan komma igen, om svaret förra gången inte kom fram: då får det samma ärendenummer.
  const known = await knownCase(message.id);
  if (known) return { status: 200, body: { caseReference: known } };
  const caseReference = `ALK 2026-${message.id.slice(-6)}`;
  const folder = join(MAPP, basename(message.id));
  await mkdir(folder, { recursive: true });
  for (const name of ['label', 'form', 'attachment']) {
    for (const file of form.getAll(name)) {
      await writeFile(join(folder, basename(file.name)), Buffer.from(await file.arrayBuffer()));
    }
  }
  // Sist: det är den här filen som säger att formuläret är mottaget.
  await writeFile(join(folder, 'arende.json'), JSON.stringify({ caseReference, message }, null, 2));
  process.stdout.write(
    `${caseReference}: ${message.subject} från ${message.fields['Sökande']} (formulär ${message.id})\n`,
  );
  return { status: 200, body: { caseReference } };
}

async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error('Det som kom är för stort.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** HMAC-SHA-256 över tiden, en punkt och det som kom, byte för byte; och tiden ska vara nyss. */
function isSigned(header, body) {
  const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (time === undefined || Math.abs(Date.now() / 1000 - Number(time)) > AGE_SECONDS_MAX) return false;
  const given = Buffer.from(mac, 'hex');
  return secrets.some((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(`${time}.`).update(body).digest(), given),
  );
}

async function knownCase(id) {
  try {
    return JSON.parse(await readFile(join(MAPP, basename(id), 'arende.json'), 'utf8')).caseReference;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
