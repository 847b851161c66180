/* What every conformance check means: `npm run docs` writes docs/conformance.md, conformanceCommand.test.ts holds it to the code. */
import { CHECKS, CLAUSES } from '../packages/cli/src/conformance/catalogue.ts';
import type { Check } from '../packages/cli/src/conformance/check.ts';

/** docs/conformance.md, whole. */
export function conformancePage(): string {
  const groups = Object.entries(CLAUSES).map(([clause, title]) => {
    const rows = CHECKS.filter((check) => check.clause === clause).map(row);
    return `### ${title} (FACTS ${clause})\n\n| id | demands | sends | expects | for | basis |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return [HEAD, ...groups].join('\n');
}

function row({ id, title, sends, expects, services, basis, needs }: Check): string {
  const asks = (needs ?? []).map((need) => ` \`--${need}\``).join('');
  const cells = [`\`${id}\``, title, sends, expects, services.join(', ') + asks, basis];
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

const HEAD = `# Conformance

Made by \`npm run docs\`; do not edit.

\`brevduva conformance\` plays the client against any server of the contract, ours or another's, and says clause by clause what it saw.

\`\`\`
npm run brevduva -- conformance --url https://localhost:8401/webservice/Recipient/v3 \\
  --cert kommun.crt --key kommun.key --ca ca.crt --recipients 199001012385,199001022392
npm run brevduva -- conformance --url https://operator.example/service/v3 \\
  --cert kommun.crt --key kommun.key --ca ca.crt --recipients 199001012385 --deliver
\`\`\`

- **What is checked** follows from the address (\`…/Recipient/v3\`, \`…/service/v3\`, \`…/Authority\`) or from \`--service recipient|service|authority\`.
- **Keys.** \`--cert\` and \`--key\` are the client certificate of every call and make the seal; the organisation in its subject is the sender unless
  \`--sender\` says otherwise. \`--sender-cert\` and \`--sender-key\` sign the letters where the sender has a certificate of its own. \`--ca\` is the whole of what
  is trusted; without it, the system's authorities are.
- **Recipients** are numbers that the server knows. For a register the more kinds the better: registered, pending, opted out. For an operator
  the first one gets the letters.
- **Harmless unless told otherwise.** Without \`--deliver\` every letter goes to 191212121212, a public test number without mailbox; large questions ask about
  the 99th of a month, which is nobody; forged registrations are for nobody too. With \`--deliver\` about nine letters with the subject
  "Konformitetsprov" reach the first recipient, and the checks of forged letters become certain: an operator that looks for the mailbox before the
  signature can otherwise not be judged, and those checks are skipped.
- **The report** is Swedish, for people; \`--json\` gives one object with \`target\`, \`summary\` and \`checks\` (\`id\`, \`clause\`, \`basis\`, \`status\`, \`evidence\`, …).
  Neither holds personal numbers or keys. On a terminal the check under way is shown on stderr.
- **Exit code** 0: nothing failed. 1: something failed, or the run was stopped. 2: the command was written wrongly.

A check is *passed*, *failed* or *skipped* (with the reason). Its **basis** is \`contract\` where FACTS.md says it in so many words, and \`reading\` where it is
inferred or an open question there: a server that fails only readings may still be right, and the difference is worth talking about. What depends on a check
that failed is skipped, so that one mistake is told once.

Our own register and operators pass everything in CI, and against servers that are each wrong in one way exactly that check fails
(\`packages/cli/test/conformance.test.ts\`).

An independent client checks the same servers from the other side: \`test/interop/zeep.test.ts\` runs Python's [zeep](https://docs.python-zeep.org), which
reads the served WSDLs and calls all 28 operations over mutual TLS. \`node scripts/zeep.mjs\` makes its virtual environment in \`.cache/zeep\`.

## The checks

The words are those of the report.
`;
