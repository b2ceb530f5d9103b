import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { BUNDLE_NAMES, type BundleName } from '../../lib/bundling';
import { buildBundles, type Bundles } from '../support/bundles/built';
import { startFunction } from '../support/bundles/function-process';
import { httpEvent } from '../support/bundles/http-event';

/** Bytes after minification. */
const BUDGETS: Readonly<Record<BundleName, number>> = {
  webhook: 250 * 1024,
  settings: 600 * 1024,
  sync: 800 * 1024,
};

/** What Node brings along; nothing else is there in a Lambda. */
const FOR_AWS = [
  ...['async_hooks', 'crypto', 'fs', 'fs/promises', 'http', 'https', 'os', 'path', 'process', 'stream'],
  'timers/promises',
];
const FOR_REMOTES = [...FOR_AWS, 'events', 'http2', 'url', 'util', 'zlib'];
const BUILT_IN: Readonly<Record<BundleName, readonly string[]>> = {
  webhook: FOR_AWS,
  settings: FOR_REMOTES,
  sync: FOR_REMOTES,
};

const WEBHOOK = {
  TABLE_CONNECTIONS: 'connections',
  LANE_QUEUE_URL: 'https://sqs.test/1/lane.fifo',
  AWS_REGION: 'eu-central-1',
};
const SYNC = {
  ...WEBHOOK,
  ...{ TABLE_MAPPINGS: 'm', TABLE_CURSORS: 'c', TABLE_ORDERS: 'o', TABLE_RUNS: 'r' },
  VAULT_KEY_ARN: 'arn:aws:kms:eu-central-1:1:key/1',
  ZZAP_BASE_URL: 'https://api.zzap.test',
  ZZAP_MIN_INTERVAL_MS: '3000',
  CRM_REQUESTS_PER_SECOND: '9',
  SCHEDULE_GROUP: 'ticks',
  SCHEDULE_ROLE_ARN: 'arn:aws:iam::1:role/scheduler',
  LANE_QUEUE_ARN: 'arn:aws:sqs:eu-central-1:1:lane.fifo',
  SCHEDULE_DEAD_LETTER_ARN: 'arn:aws:sqs:eu-central-1:1:ticks-dead',
};
const VARIABLES: Readonly<Record<BundleName, Record<string, string>>> = {
  webhook: WEBHOOK,
  sync: SYNC,
  settings: { ...SYNC, PUBLIC_URL: 'https://module.test' },
};
const EXPORTS: Readonly<Record<BundleName, readonly string[]>> = {
  webhook: ['handler'],
  sync: ['handler'],
  settings: ['caretaker', 'handler'],
};

/** Loads the bundle in a process where asking the network or changing a file ends everything. */
const GUARD = `
const refuse = (what) => () => { process.stderr.write('REFUSED ' + what); process.exit(9); };
require('node:net').Socket.prototype.connect = refuse('connect');
require('node:dns').lookup = refuse('lookup');
const fs = require('node:fs');
for (const name of ['writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'mkdir', 'mkdirSync', 'openSync', 'open'])
  fs[name] = refuse(name);
const before = new Set(Object.keys(process.env));
require(process.argv[1]);
setTimeout(() => process.stdout.write('quiet'), 50);
`;

let bundles: Bundles;
beforeAll(() => {
  bundles = buildBundles();
});
afterAll(() => bundles.remove());

describe.each(BUNDLE_NAMES)('the bundle %s', (name) => {
  it('is within its budget', () => {
    expect(bundles.of[name].bytes).toBeLessThanOrEqual(BUDGETS[name]);
  });

  it('needs nothing that Node does not bring along', () => {
    const needed = new Set(bundles.of[name].imports.map((path) => path.replace(/^node:/, '')));

    expect([...needed].filter((path) => !BUILT_IN[name].includes(path))).toEqual([]);
  });

  it('is one file without a source map, and what the settings show', () => {
    const files = readdirSync(dirname(bundles.of[name].file));

    expect(files.filter((file) => file !== 'assets').sort()).toEqual(
      name === 'settings' ? ['index.js', 'openapi.json'] : ['index.js'],
    );
  });

  it('asks no network and changes no file while it is loaded', () => {
    const printed = execFileSync(process.execPath, ['-e', GUARD, bundles.of[name].file], {
      env: { ...VARIABLES[name], AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      encoding: 'utf8',
    });

    expect(printed).toBe('quiet');
  });

  it('exports its handlers and prints nothing', async () => {
    const loaded = await startFunction(bundles.of[name].file, VARIABLES[name]);

    expect([...loaded.names].sort()).toEqual(EXPORTS[name]);
    expect(loaded.printed()).toBe('');
    await loaded.stop();
  });
});

describe('wrong variables', () => {
  const wrong = { ...SYNC, TABLE_RUNS: '', ZZAP_MIN_INTERVAL_MS: 'geheim-3s', VAULT_KEY_ARN: 'geheim' };
  const words =
    'Environment variables: TABLE_RUNS is missing, VAULT_KEY_ARN is wrong, ZZAP_MIN_INTERVAL_MS is wrong';

  it('are all named at once when the bundle is loaded, without their values', async () => {
    await expect(startFunction(bundles.of.sync.file, wrong)).rejects.toThrow(new Error(words));
    await expect(startFunction(bundles.of.webhook.file, {})).rejects.toThrow(
      new Error('Environment variables: TABLE_CONNECTIONS is missing, LANE_QUEUE_URL is missing'),
    );
  });

  it('are named at each call of the settings, whose package serves two functions', async () => {
    const settings = await startFunction(bundles.of.settings.file, wrong);
    const call = () => settings.invoke('handler', httpEvent({ path: '/healthz' }));

    await expect(call()).rejects.toThrow(`${words}, PUBLIC_URL is missing`);
    await expect(call()).rejects.toThrow(`${words}, PUBLIC_URL is missing`);
    await settings.stop();
  });
});

describe('the settings without network', () => {
  it('answer whether they are up, what they offer, and at / what this is', async () => {
    const settings = await startFunction(bundles.of.settings.file, VARIABLES.settings);
    const get = async (path: string) =>
      (await settings.invoke('handler', httpEvent({ path }))).result as { statusCode: number; body: string };

    const up = await get('/healthz');
    const described = await get('/openapi.json');
    const start = await get('/');

    expect([up.statusCode, described.statusCode, start.statusCode]).toEqual([200, 200, 200]);
    expect(JSON.parse(up.body)).toMatchObject({ status: 'ok' });
    expect(JSON.parse(described.body)).toMatchObject({ openapi: '3.1.0' });
    expect(start.body).toContain(existsSync('dist/form') ? '<script' : 'Сервис работает');
    await settings.stop();
  });
});
