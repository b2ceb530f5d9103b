import { guardLoopback } from '../../../functions/local/loopback-guard';
import { expectProblem } from '../http/api';

const OWN = '127.0.0.1:3000';

/** Whether a request with these headers gets through. */
async function passes(headers: Record<string, string>, publicUrl: string | null = null, method = 'GET') {
  let reached = 0;
  const handle = guardLoopback(() => {
    reached += 1;
    return Promise.resolve(new Response('inside'));
  }, publicUrl);
  const response = await handle(new Request(`http://${OWN}/api/accounts`, { method, headers }));
  expect(reached).toBe(response.status === 200 ? 1 : 0);
  return response.status === 200;
}

describe('the guard of the local run', () => {
  it.each([
    ['a program on this machine', { host: OWN }],
    ['another name of this machine', { host: 'localhost:3000' }],
    ['this machine by IPv6', { host: '[::1]:3000' }],
    ['a host without a port', { host: 'localhost' }],
    ['an address typed by a person', { host: OWN, 'sec-fetch-site': 'none' }],
    ['the own page', { host: OWN, origin: `http://${OWN}`, 'sec-fetch-site': 'same-origin' }],
    ['the own page under another name', { host: 'localhost:3000', origin: 'http://localhost:3000' }],
  ])('lets %s in', async (_, headers) => {
    expect(await passes(headers)).toBe(true);
  });

  it.each<readonly [string, Record<string, string>]>([
    ['no host at all', {}],
    ['an empty host', { host: '' }],
    ['a foreign name that points to this machine', { host: 'evil.example' }],
    ['such a name with the port', { host: 'evil.example:3000' }],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example' }],
    ['a name that ends like ours', { host: 'evil-localhost:3000' }],
    ['a subdomain of localhost', { host: 'evil.localhost:3000' }],
    ['a host with something before it', { host: 'evil@localhost:3000' }],
    ['a host with two ports', { host: 'localhost:3000:80' }],
    ['another machine of the network', { host: '192.168.0.10:3000' }],
    ['any address', { host: '0.0.0.0:3000' }],
    ['a foreign page', { host: OWN, origin: 'https://evil.example' }],
    ['a foreign page with our port', { host: OWN, origin: 'https://evil.example:3000' }],
    ['a page of another program on this machine', { host: OWN, origin: 'http://127.0.0.1:5000' }],
    ['a page of this machine under another name', { host: OWN, origin: 'http://localhost:3000' }],
    ['a page without an origin', { host: OWN, origin: 'null' }],
    ['a page with an empty origin', { host: OWN, origin: '' }],
    ['an origin that is no address', { host: OWN, origin: OWN }],
    ['a foreign page by what the browser says', { host: OWN, 'sec-fetch-site': 'cross-site' }],
    ['a neighbour by what the browser says', { host: OWN, 'sec-fetch-site': 'same-site' }],
    ['a browser that says something new', { host: OWN, 'sec-fetch-site': 'other' }],
    [
      'an own origin that the browser calls foreign',
      { host: OWN, origin: `http://${OWN}`, 'sec-fetch-site': 'cross-site' },
    ],
  ])('keeps %s out', async (_, headers) => {
    expect(await passes(headers)).toBe(false);
    expect(await passes(headers, null, 'POST')).toBe(false);
    expect(await passes(headers, null, 'OPTIONS')).toBe(false);
  });

  it.each<readonly [string, boolean, Record<string, string>]>([
    ['its host', true, { host: 'zzap.example' }],
    ['its own page', true, { host: 'zzap.example', origin: 'https://zzap.example' }],
    ['this machine still', true, { host: OWN, origin: `http://${OWN}` }],
    ['another host', false, { host: 'other.example' }],
    ['its host with another port', false, { host: 'zzap.example:8443' }],
    ['a subdomain of it', false, { host: 'a.zzap.example' }],
    ['a foreign page', false, { host: 'zzap.example', origin: 'https://other.example' }],
    ['its page, asking this machine', false, { host: OWN, origin: 'https://zzap.example' }],
  ])('with a public address: %s, %s', async (_, own, headers) => {
    expect(await passes(headers, 'https://zzap.example')).toBe(own);
  });

  it('takes a public address with a port as it is', async () => {
    expect(await passes({ host: 'zzap.example:8443' }, 'https://zzap.example:8443')).toBe(true);
    expect(await passes({ host: 'zzap.example' }, 'https://zzap.example:8443')).toBe(false);
  });

  it('says so as a problem in the language of the reader', async () => {
    const handle = guardLoopback(() => Promise.reject(new Error('not reached')), null);

    const response = await handle(
      new Request(`http://${OWN}/`, { headers: { host: 'evil.example', 'accept-language': 'en' } }),
    );

    const text = await response.text();
    const json = JSON.parse(text) as Record<string, unknown>;
    expectProblem({ status: response.status, headers: response.headers, text, json }, 403, 'foreign-origin');
    expect(json['detail']).toBe('The request came from a foreign page or to a foreign host and was refused.');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});
