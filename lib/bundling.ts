import type { BuildOptions, Metafile } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const BUNDLE_NAMES = ['settings', 'webhook', 'sync'] as const;
export type BundleName = (typeof BUNDLE_NAMES)[number];

const ROOT = join(__dirname, '..');
const FORM = join(ROOT, 'dist', 'form');
const ABSENT = join(__dirname, 'absent-module.cjs');

/** Packages that others import and no call of ours reaches. Without them: why that is so. */
export const ABSENT_PACKAGES: Readonly<Record<string, string>> = {
  'form-data': 'bodies are URL-encoded texts; axios would need it for multipart ones. Brings mime-db',
  'follow-redirects': 'redirects are refused: axios then asks node:http itself',
  'https-proxy-agent': 'no proxy is used, and none is taken from the environment',
  '@smithy/core/event-streams': 'no operation that is called streams events',
  '@aws-sdk/credential-provider-node': 'credentials come from the environment and nowhere else',
  'mnemonist/lru-cache': 'remembers endpoints that DynamoDB tells; it is asked for none',
};

/**
 * The same for single files of axios, which has one entry for all the worlds it runs in: adapters of browsers, bodies
 * and queries that are objects, proxies, progress and `data:` addresses. Ours are texts and URLSearchParams; no proxy
 * is taken from the environment, nobody watches a progress, and every address is http or https.
 */
export const EMPTY_FILES: readonly string[] = [
  'axios/lib/adapters/fetch.js',
  'axios/lib/adapters/xhr.js',
  'axios/lib/helpers/formDataToStream.js',
  'axios/lib/helpers/formDataToJSON.js',
  'axios/lib/helpers/toFormData.js',
  'axios/lib/helpers/HttpStatusCode.js',
  'axios/lib/helpers/shouldBypassProxy.js',
  'axios/lib/helpers/AxiosTransformStream.js',
  'axios/lib/helpers/fromDataURI.js',
];

/**
 * Files of zod that turn schemas into JSON schemas. The API's description is made when the package is built; schemas
 * only want to have the methods.
 */
export const UNDESCRIBING_FILES: readonly string[] = [
  'zod/v4/core/json-schema-processors.js',
  'zod/v4/core/to-json-schema.js',
];

/**
 * Writes one function, whole and minified, to `directory/index.js`, and beside the settings what they show. The
 * stack, the tests and the bench use this. No source map is written: it would be several times the size of the code,
 * and a stack's frames name the function that failed.
 *
 * @returns what each file weighs in the bundle
 */
export function bundle(name: BundleName, directory: string): Metafile {
  const options: BuildOptions = {
    absWorkingDir: ROOT,
    entryPoints: [join('functions', `${name}.ts`)],
    outfile: join(directory, 'index.js'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    // The packages' CommonJS builds are half as large again and cannot be shaken.
    mainFields: ['module', 'main'],
    alias: Object.fromEntries(Object.keys(ABSENT_PACKAGES).map((absent) => [absent, ABSENT])),
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  };
  const metafile = execFileSync(process.execPath, [join(__dirname, 'run-esbuild.mjs')], {
    input: JSON.stringify({ options, emptyFiles: EMPTY_FILES, undescribingFiles: UNDESCRIBING_FILES }),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (name === 'settings') addWhatIsShown(directory);
  return JSON.parse(metafile) as Metafile;
}

/** The built form, and the API's description: to make it at run time would cost the package 20 KB. */
function addWhatIsShown(directory: string): void {
  if (existsSync(FORM)) cpSync(FORM, join(directory, 'assets'), { recursive: true });
  const describe = ['--import', 'tsx', join('functions', 'local', 'describe-api.ts')];
  const description = execFileSync(process.execPath, describe, { cwd: ROOT, encoding: 'utf8' });
  writeFileSync(join(directory, 'openapi.json'), description);
}
