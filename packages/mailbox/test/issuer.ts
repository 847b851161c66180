import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePort } from '@brevduva/base/testing';
import { Provider } from 'oidc-provider';

/** The e-ID of the tests: a real OpenID Connect issuer whose login lets `person` in at once. */
export interface TestIssuer {
  url: string;
  person: { personnummer: string; name: string };
  /** Level of assurance of the next logins. */
  acr: string;
  stop(): Promise<void>;
}

export const CLIENT = { clientId: 'mailbox', clientSecret: 'a secret of the test client' };

export async function startTestIssuer(origin: string, person: TestIssuer['person']): Promise<TestIssuer> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const issuer: TestIssuer = { url, person, acr: 'loa3', stop };
  const provider = newProvider(url, origin, () => ({ ...issuer.person, acr: issuer.acr }));
  const answer = provider.callback();
  const server = createServer(async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response);
    return provider.interactionFinished(request, response, { login: { accountId: issuer.person.personnummer } });
  }).listen(port);
  await once(server, 'listening');
  async function stop() {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  return issuer;
}

function newProvider(url: string, origin: string, personOf: () => TestIssuer['person'] & { acr: string }): Provider {
  const provider: Provider = new Provider(url, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${origin}/login/callback`],
        post_logout_redirect_uris: [`${origin}/`],
      },
    ],
    cookies: { keys: ['test'] },
    claims: { openid: ['sub', 'personnummer', 'name', 'acr'], profile: [] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource: leaveAtOnce } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, ...personOf() }) }),
    loadExistingGrant: async (context) => {
      const { accountId } = context.oidc.session ?? {};
      const grant = new provider.Grant({
        clientId: CLIENT.clientId,
        ...(accountId === undefined ? {} : { accountId }),
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  return provider;
}

/** The issuer's own "do you want to log out?", answered yes by a script, as some e-IDs do. */
function leaveAtOnce(context: { body?: unknown }, form: string): void {
  context.body = `<!doctype html><title>Loggar ut</title>${form}<script>document.forms[0].submit()</script>`;
}
