import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { openForm, type ServeForm } from '../../../functions/http/assets';
import { createSettingsApp } from '../../../functions/http/app';
import { guardLoopback } from '../../../functions/local/loopback-guard';
import { openApi } from './api';

const INDEX = '<!doctype html><title>Настройки</title>';
const SCRIPT = 'console.log("заказ");'.repeat(20);
const HASHED = '/app-4QJ7ZK2M.js';

let folder: string;
let serve: ServeForm;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'form-'));
  const form = join(folder, 'form');
  const files: Record<string, string | Buffer> = {
    'form/index.html': INDEX,
    [`form${HASHED}`]: SCRIPT,
    [`form${HASHED}.br`]: brotliCompressSync(SCRIPT),
    [`form${HASHED}.gz`]: gzipSync(SCRIPT),
    'form/touch-icon.png': Buffer.from([137, 80, 78, 71]),
    'form/fonts/text-ABCDEFG7.woff2': Buffer.from([1, 2, 3]),
    'form/notes.md': 'not of a kind that is served',
    'secret.json': '{"password":"geheim"}',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  serve = openForm(form);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Response | null {
  return serve(new Request(`https://module.test${path}`, { method, headers }));
}
const textOf = async (response: Response | null) => (response ? response.text() : null);

describe('the form', () => {
  it.each(['/', '/index.html', '/connections/c-1', '/что-нибудь', '/api-docs'])(
    'has its page at %s',
    async (path) => {
      const answer = get(path);

      expect(await textOf(answer)).toBe(INDEX);
      expect(answer?.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer?.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it.each([
    ['/api', '/api/accounts/a-1/unknown'],
    ['/hooks/zzap/c-1/secret', '/retailcrm/config'],
    ['/healthz', '/openapi.json'],
    ['/missing.js', '/missing-4QJ7ZK2M.js'],
    ['/notes.md', `${HASHED}.br`],
  ])('has nothing at %s and %s', (...paths) => {
    for (const path of paths) expect(get(path)).toBeNull();
  });

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/..%5csecret.json',
    '/fonts/..%2f..%2fsecret.json',
    '//secret.json',
    '/fonts/%00.png',
    '/constructor.js',
    '/__proto__.js',
  ])('gives no file of the disk for %s', (path) => {
    expect(get(path)).toBeNull();
  });

  it.each([
    [HASHED, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/fonts/text-ABCDEFG7.woff2', 'font/woff2', 'public, max-age=31536000, immutable'],
    ['/touch-icon.png', 'image/png', 'no-cache'],
  ])('gives %s as %s, to be kept: %s', (path, type, cacheControl) => {
    const answer = get(path);

    expect(answer?.headers.get('content-type')).toBe(type);
    expect(answer?.headers.get('cache-control')).toBe(cacheControl);
  });

  it.each([
    ['gzip, deflate, br', 'br', brotliCompressSync(SCRIPT)],
    ['gzip', 'gzip', gzipSync(SCRIPT)],
    ['br;q=0, gzip;q=0.5', 'gzip', gzipSync(SCRIPT)],
    ['*', 'br', brotliCompressSync(SCRIPT)],
    ['zstd', null, Buffer.from(SCRIPT)],
    ['br;q=0, *;q=0', null, Buffer.from(SCRIPT)],
    ['', null, Buffer.from(SCRIPT)],
  ])('for %j comes in the encoding %s', async (accepted, encoding, bytes) => {
    const answer = get(HASHED, { 'accept-encoding': accepted });

    expect(answer?.headers.get('content-encoding')).toBe(encoding);
    expect(answer?.headers.get('vary')).toBe('accept-encoding');
    expect(answer?.headers.get('content-length')).toBe(String(bytes.length));
    expect(Buffer.from(await answer!.arrayBuffer())).toEqual(bytes);
  });

  it('has no encoding that the build did not make', () => {
    expect(get('/', { 'accept-encoding': 'br, gzip' })?.headers.get('content-encoding')).toBeNull();
  });

  it('is not sent again to whoever has it', async () => {
    const etag = get(HASHED, { 'accept-encoding': 'br' })?.headers.get('etag') ?? '';
    const ask = (known: string, encoding = 'br') =>
      get(HASHED, { 'accept-encoding': encoding, 'if-none-match': known })?.status;

    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect([ask(etag), ask(`W/${etag}`), ask(`"other", ${etag}`), ask('*')]).toEqual([304, 304, 304, 304]);
    expect([ask('"other"'), ask(etag, 'gzip')]).toEqual([200, 200]);
    expect(await textOf(get(HASHED, { 'accept-encoding': 'br', 'if-none-match': etag }))).toBe('');
  });

  it('answers HEAD without a body and nothing to other methods', async () => {
    const head = get(HASHED, {}, 'HEAD');

    expect([head?.status, head?.headers.get('content-length')]).toEqual([
      200,
      String(Buffer.byteLength(SCRIPT)),
    ]);
    expect(await textOf(head)).toBe('');
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect(get('/', {}, method)).toBeNull();
  });

  it('lets nothing foreign and nothing inline in, and nobody frame it', () => {
    const headers = get('/')?.headers;

    expect(headers?.get('content-security-policy')).toBe(
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    );
    expect(headers?.get('x-content-type-options')).toBe('nosniff');
    expect(headers?.get('referrer-policy')).toBe('no-referrer');
    expect(headers?.get('permissions-policy')).toContain('camera=()');
    expect(headers?.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('promises https only where it came by https', () => {
    const answer = serve(new Request('http://127.0.0.1:3000/'));

    expect(answer?.status).toBe(200);
    expect(answer?.headers.get('strict-transport-security')).toBeNull();
  });
});

describe('without a built form', () => {
  it('/ says in Russian and English that the service runs and where it is described', async () => {
    const welcome = openForm(join(folder, 'nowhere'));
    const at = (path: string) => welcome(new Request(`http://127.0.0.1${path}`));
    const page = (await textOf(at('/'))) ?? '';

    expect(page.indexOf('Сервис работает')).toBeGreaterThan(0);
    expect(page.indexOf('The service is running')).toBeGreaterThan(page.indexOf('Сервис работает'));
    expect(page).toContain('href="/openapi.json"');
    expect(page).not.toMatch(/<style|<script|style=|onclick/);
    expect(at('/connections')).toBeNull();
  });
});

describe('in the settings', () => {
  const ask = (path: string, host = '127.0.0.1:3000') => {
    const { ports } = openApi().world;
    const handle = guardLoopback(createSettingsApp(ports, { serveForm: serve }), null);
    return handle(new Request(`http://127.0.0.1:3000${path}`, { headers: { host } }));
  };

  it('stands beside the API and takes none of its addresses', async () => {
    expect(await (await ask('/connections')).text()).toBe(INDEX);
    expect((await ask('/healthz')).headers.get('content-type')).toContain('application/json');
    expect((await ask('/api/unknown')).status).toBe(404);
    expect((await ask('/api/unknown')).headers.get('content-type')).toContain('problem+json');
    expect((await ask('/missing.js')).status).toBe(404);
  });

  it('is behind the guard of the local run like the rest', async () => {
    expect((await ask('/', 'evil.test')).status).toBe(403);
  });
});
