import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * `npm run test:aws`: the tests of this folder against a stand-in for AWS that somebody else made, found by
 * `AWS_ENDPOINT_URL`. They make what they need under names of their own and take it away again. `npm test` leaves
 * this folder out: it runs the same contracts against servers of its own.
 */
function main(): number {
  if ((process.env['AWS_ENDPOINT_URL'] ?? '') === '') {
    process.stdout.write(
      'Not run: no endpoint is set. Start a stand-in for AWS and say where it is, for example ' +
        'AWS_ENDPOINT_URL=http://127.0.0.1:5055 npm run test:aws\n',
    );
    return 0;
  }
  const root = join(__dirname, '../..');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = [jest, '--testPathIgnorePatterns', '/node_modules/', '--runInBand', '--', 'test/aws/'];
  const access = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const env = { ...access, ...process.env };
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}

process.exitCode = main();
