import { buildSync } from 'esbuild';
import { join } from 'node:path';

export const BUNDLE_NAMES = ['settings', 'webhook', 'sync'] as const;
export type BundleName = (typeof BUNDLE_NAMES)[number];

const ROOT = join(__dirname, '..');

/** Writes one function, whole and minified, to `directory/index.js`. The stack, the tests and the bench use this. */
export function bundle(name: BundleName, directory: string): void {
  buildSync({
    entryPoints: [join(ROOT, 'functions', `${name}.ts`)],
    outfile: join(directory, 'index.js'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    // The packages' CommonJS builds are half as large again and cannot be shaken.
    mainFields: ['module', 'main'],
    charset: 'utf8',
    logLevel: 'warning',
  });
}
