// A real OpenID Connect issuer for login.test.ts: oidc-provider, whose login page lets `who` in at once.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

export interface TestIssuer {
  url: string;
  /** Who logs in next; undefined: the person presses "cancel". */
  who: string | undefined;
  stop(): Promise<void>;
}

export async function startTestIssuer(
  port: number,
  client: { id: string; secret: string; origin: string },
): Promise<TestIssuer> {
  const url = `http://127.0.0.1:${port}`;
  const provider = newProvider(url, client);
  const answer = provider.callback();
  const issuer: TestIssuer = { url, who: undefined, stop };
  const server = createServer(async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response);
    const result = issuer.who === undefined ? { error: 'access_denied' } : { login: { accountId: issuer.who } };
    return provider.interactionFinished(request, response, result);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  async function stop() {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  return issuer;
}

function newProvider(url: string, client: { id: string; secret: string; origin: string }): Provider {
  const provider: Provider = new Provider(url, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${client.origin}/login/callback`],
        post_logout_redirect_uris: [`${client.origin}/goodbye`],
      },
    ],
    cookies: { keys: ['test'] },
    claims: { openid: ['sub'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, name: `Person ${sub}` }) }),
    loadExistingGrant: async (context) => {
      // A second tab must not take the first one's grant away.
      const known = await provider.Grant.find(context.oidc.session?.grantIdFor(client.id) ?? '');
      if (known !== undefined) return known;
      const accountId = context.oidc.session?.accountId;
      const grant = new provider.Grant({ clientId: client.id, ...(accountId === undefined ? {} : { accountId }) });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  return provider;
}
