import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { acceptedEncoding, ENCODING_ENDINGS, type Encoding } from './content-encoding';
import { WELCOME_PAGE } from './welcome-page';

/** Answers a request for a file of the form; null for what is none. */
export type ServeForm = (request: Request) => Response | null;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

const INDEX = '/index.html';
/** Paths that are no pages: what is unknown there is answered as a problem. */
const SERVICE = /^\/(?:api|hooks|retailcrm|healthz|openapi\.json)(?:\/|$)/;
/** Names that the build makes of a file's content: `app-4QJ7ZK2M.js`. */
const HASHED = /-[A-Z0-9]{8}\.[a-z0-9]+$/;

const SECURITY: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
};
const HSTS = { 'strict-transport-security': 'max-age=31536000' };

interface Variant {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}
interface Asset {
  readonly type: string;
  readonly cacheControl: string;
  readonly variants: ReadonlyMap<Encoding, Variant>;
}

/**
 * The built form in a folder. All files are read here, once: a request names a key of a table and never a path of
 * the disk, so there is no way out of the folder. Files beside which the build has put a `.br` or `.gz` are sent
 * like that. Without the folder `/` says that the service runs.
 */
export function openForm(folder: string): ServeForm {
  const isForm = existsSync(join(folder, INDEX));
  const assets = isForm ? readAssets(folder) : welcomeOnly();

  function find(path: string): Asset | undefined {
    const exact = assets.get(path === '/' ? INDEX : path);
    if (exact || !isForm || SERVICE.test(path)) return exact;
    // The form has addresses of its own, all without an ending.
    return extname(path) === '' ? assets.get(INDEX) : undefined;
  }

  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    const { pathname, protocol } = new URL(request.url);
    const asset = find(pathname);
    return asset ? answer(request, asset, protocol === 'https:') : null;
  };
}

function answer({ method, headers }: Request, asset: Asset, isSecure: boolean): Response {
  const { type, cacheControl, variants } = asset;
  const encoding = acceptedEncoding(headers.get('accept-encoding'), [...variants.keys()]);
  const { bytes, etag } = variants.get(encoding) ?? variants.get('identity') ?? { bytes: null, etag: '' };
  const always = {
    ...SECURITY,
    ...(isSecure && HSTS),
    etag,
    'cache-control': cacheControl,
    vary: 'accept-encoding',
  };
  if (isKnown(headers.get('if-none-match'), etag))
    return new Response(null, { status: 304, headers: always });
  return new Response(method === 'HEAD' ? null : bytes, {
    headers: {
      ...always,
      'content-type': type,
      'content-length': String(bytes?.byteLength ?? 0),
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
  });
}

/** Weak or strong, one of several, or any: all that asks whether this is what the browser has. */
function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}

function readAssets(folder: string): Map<string, Asset> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).split(sep).join('/'));
  const assets = new Map<string, Asset>();
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const variants = new Map<Encoding, Variant>();
    for (const [encoding, ending] of ENCODING_ENDINGS) {
      if (names.includes(`${name}${ending}`))
        variants.set(encoding, variantOf(join(folder, `${name}${ending}`)));
    }
    assets.set(name, { type, cacheControl: cachingOf(name), variants });
  }
  return assets;
}

function cachingOf(name: string): string {
  return HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function variantOf(file: string): Variant {
  return toVariant(Uint8Array.from(readFileSync(file)));
}

function toVariant(bytes: Uint8Array<ArrayBuffer>): Variant {
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
}

function welcomeOnly(): Map<string, Asset> {
  const variant = toVariant(Uint8Array.from(Buffer.from(WELCOME_PAGE)));
  const variants = new Map<Encoding, Variant>([['identity', variant]]);
  return new Map([[INDEX, { type: TYPES['.html'] ?? '', cacheControl: 'no-cache', variants }]]);
}
