import type { Metafile } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, BUNDLE_NAMES, type BundleName } from '../../../lib/bundling';

export interface Built {
  readonly file: string;
  readonly bytes: number;
  /** Modules that it takes from its surroundings. */
  readonly imports: readonly string[];
}

export interface Bundles {
  readonly of: Readonly<Record<BundleName, Built>>;
  remove(): void;
}

/** All three, as the stack makes them, in a folder that is taken away again. */
export function buildBundles(): Bundles {
  const directory = mkdtempSync(join(tmpdir(), 'bundles-'));
  const built = BUNDLE_NAMES.map((name) => {
    const output = outputOf(bundle(name, join(directory, name)));
    const imports = output.imports.filter(({ external }) => external).map(({ path }) => path);
    const file = join(directory, name, 'index.js');
    return [name, { file, bytes: output.bytes, imports: [...new Set(imports)] }] as const;
  });
  return {
    of: Object.fromEntries(built) as Record<BundleName, Built>,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function outputOf({ outputs }: Metafile): Metafile['outputs'][string] {
  const [output] = Object.values(outputs);
  if (!output) throw new Error('nothing was bundled');
  return output;
}
