import { startIntakeHub, pdfOf, base64Of } from '/work/main/packages/hub/test/support/intakeHub.ts';
import { API_KEY } from '/work/main/packages/hub/test/support/hubDatabase.ts';
const hub = await startIntakeHub();
const N = Number(process.argv[2] ?? 100000);
function numbers(howMany: number): string[] {
  const out: string[] = []; let n = 0;
  for (let y = 40; y < 99 && out.length < howMany; y++) for (let m = 1; m <= 12 && out.length < howMany; m++) for (let d = 1; d <= 28 && out.length < howMany; d++) for (let s = 0; s < 10 && out.length < howMany; s++) {
    const nine = `${String(y).padStart(2,'0')}${String(m).padStart(2,'0')}${String(d).padStart(2,'0')}${String(100+s*7)}`;
    const sum = [...nine].reduce((t, c, at) => { const v = Number(c) * (at % 2 === 0 ? 2 : 1); return t + (v > 9 ? v - 9 : v); }, 0);
    out.push(`19${nine}${(10 - (sum % 10)) % 10}`);
  }
  return out;
}
const call = async (path: string, body?: unknown) => {
  const r = await fetch(new URL(`/api/v1/mailings${path}`, hub.url), { method: 'POST', headers: { authorization: `Bearer ${API_KEY}`, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
  const j: any = await r.json(); if (r.status > 299) throw new Error(JSON.stringify(j).slice(0, 500)); return j;
};
const all = numbers(N); console.log(all.length);
const t0 = Date.now();
const m = await call('', { name: 'x', flow: 'beslut', subject: 's', body: { text: 't' }, attachments: [base64Of('a.pdf', pdfOf(200000))] });
for (let i = 0; i < all.length; i += 10000) { await call(`/${m.id}/recipients`, { recipients: all.slice(i, i + 10000).map((recipient, n) => ({ recipient, reference: `r${i + n}`, address: { name: 'Anna Ek', street: 'Gatan 1', postalCode: '111 22', city: 'Orten' } })) }); }
const t1 = Date.now();
const c = await call(`/${m.id}/commit`);
const t2 = Date.now();
console.log({ fillS: (t1 - t0) / 1000, commitS: (t2 - t1) / 1000, letters: c.letters, rssMB: process.memoryUsage().rss / 1e6, load: (await import('node:os')).loadavg() });
await hub.close(); process.exit(0);
