import { gzipSync } from 'node:zlib';
import { buildBundles, type Bundles } from '../support/bundles/built';
import { setCloudStage, type CloudStage } from '../support/bundles/cloud-stage';
import { startStubHttpServer, type StubAnswer, type StubHttpServer } from '../support/stub-http-server';

const XML = { 'content-type': 'text/xml; charset=utf-8' };
const DICTIONARY =
  '<?xml version="1.0" encoding="utf-8"?><string xmlns="https://api.zzap.pro/">' +
  '{"error":"","table":[{"code_track":10,"class_track":"Новый"}]}</string>';

let bundles: Bundles;
let zzap: StubHttpServer;
let elsewhere: StubHttpServer;
let answer: StubAnswer | undefined;
let stage: CloudStage;

beforeAll(async () => {
  bundles = buildBundles();
  zzap = await startStubHttpServer((_, response) => {
    if (!answer) response.destroy();
    return answer;
  });
  elsewhere = await startStubHttpServer(() => ({ headers: XML, body: DICTIONARY }));
  stage = await setCloudStage(bundles, { zzapBaseUrl: zzap.url });
}, 60_000);

afterAll(async () => {
  await stage.close();
  await zzap.close();
  await elsewhere.close();
  bundles.remove();
});

const credentials = { login: 'me@example.com', password: 'password-Qx81', zzapApiKey: 'key-Zy72' };
const check = () => stage.api.call('POST', '/api/connections/check', credentials);

describe('a call of a remote from the bundle', () => {
  it('sends a form and reads a compressed answer', async () => {
    answer = { headers: { ...XML, 'content-encoding': 'gzip' }, body: gzipSync(DICTIONARY) };

    const { status } = await check();

    expect(status).toBe(200);
    const { method, headers, body } = zzap.requests.at(-1)!;
    expect([method, headers['content-type']]).toEqual(['POST', 'application/x-www-form-urlencoded']);
    expect(new URLSearchParams(body).get('api_key')).toBe('key-Zy72');
    expect(headers['accept-encoding']).toContain('gzip');
  });

  it('follows no redirect', async () => {
    answer = { status: 302, headers: { location: `${elsewhere.url}/` } };

    expect((await check()).status).toBe(502);
    expect(elsewhere.requests).toEqual([]);
  });

  it('tells a connection that broke', async () => {
    answer = undefined;

    expect((await check()).status).toBe(502);
  });

  it('sets a bound to an answer that unpacks to more', async () => {
    answer = {
      headers: { ...XML, 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(33 * 1024 * 1024)),
    };

    expect((await check()).status).toBe(502);
  });
});
