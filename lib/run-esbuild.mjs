import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import process from 'node:process';

/**
 * Runs esbuild as standard input says and prints what it has put where. A process of its own, because plugins need
 * an asynchronous build and the stack bundles synchronously.
 */
const { options, emptyFiles, undescribingFiles } = JSON.parse(readFileSync(0, 'utf8'));

const lighter = {
  name: 'lighter',
  setup(building) {
    const replace = (files, contents) => {
      for (const file of files) {
        const filter = new RegExp(`/${file.replaceAll('.', '\\.')}$`);
        building.onLoad({ filter }, () => ({ contents }));
      }
    };
    replace(emptyFiles, 'export default null; export const getFetch = null;');
    replace(
      undescribingFiles,
      'const absent = () => undefined; exports.createToJSONSchemaMethod = absent; exports.createStandardJSONSchemaMethod = absent;',
    );
    // A client names its version to AWS and imports its whole package.json for that.
    building.onLoad({ filter: /\/client-[\w-]+\/package\.json$/ }, ({ path }) => ({
      contents: JSON.stringify({ version: JSON.parse(readFileSync(path, 'utf8')).version }),
      loader: 'json',
    }));
  },
};

const { metafile } = await build({ ...options, plugins: [lighter] });
process.stdout.write(JSON.stringify(metafile));
