import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './sources';

const run = promisify(execFile);

/** A small product in which each rule is broken once. Path of a file: what it imports. */
const TREE: Readonly<Record<string, readonly string[]>> = {
  // as it should be
  'functions/domain/order.ts': ['./money'],
  'functions/domain/money.ts': [],
  'functions/ports/order-store.ts': ['../domain/order'],
  'functions/settings/save.ts': ['../ports/order-store'],
  'functions/sync/run.ts': ['../ports/order-store'],
  'functions/http/app.ts': ['../settings/save'],
  'functions/remote/exchange.ts': [],
  'functions/zzap/client.ts': ['../remote/exchange', '../ports/order-store'],
  'functions/retailcrm/client.ts': ['../remote/exchange'],
  'functions/storage/order-store.ts': ['../ports/order-store', '@aws-sdk/client'],
  'functions/sealing/cipher.ts': ['../ports/order-store'],
  'functions/aws/lane.ts': ['@aws-sdk/client', '../sealing/cipher'],
  'functions/local/sandbox/state.ts': [],
  'functions/local/sandbox/start.ts': ['./state', 'devtool'],
  'functions/wiring/compose.ts': ['../storage/order-store', '../zzap/client', '../retailcrm/client'],
  'functions/settings.ts': ['./wiring/compose', './http/app', './sync/run', './aws/lane'],
  'functions/storage/table-definitions.ts': [],
  'functions/probe/words.ts': [],
  'functions/probe/main.ts': ['./words', '../zzap/client'],
  'lib/stack.ts': ['aws-cdk-lib', '../functions/storage/table-definitions'],
  'test/fake.ts': [],
  // as it must not be
  'functions/domain/reading.ts': ['node:fs'],
  'functions/ports/loud.ts': ['../http/app'],
  'functions/sync/deep.ts': ['../remote/exchange'],
  'functions/settings/deep.ts': ['../wiring/compose'],
  'functions/http/short-cut.ts': ['../storage/order-store'],
  'functions/storage/upwards.ts': ['../settings/save'],
  'functions/http/calling.ts': ['../remote/exchange'],
  'functions/remote/upwards.ts': ['../local/start'],
  'functions/remote/curious.ts': ['../zzap/client'],
  'functions/sealing/curious.ts': ['../aws/lane'],
  'functions/sealing/upwards.ts': ['../local/start'],
  'functions/http/sealing.ts': ['../sealing/cipher'],
  'functions/zzap/curious.ts': ['../retailcrm/client'],
  'functions/retailcrm/curious.ts': ['../storage/order-store'],
  'functions/storage/curious.ts': ['../aws/lane'],
  'functions/aws/curious.ts': ['../zzap/client'],
  'functions/sync/cloudy.ts': ['@aws-sdk/client'],
  'functions/local/sandbox/peeking.ts': ['../../domain/order'],
  'functions/local/start.ts': ['./sandbox/start'],
  'functions/zzap/wordy.ts': ['../probe/words'],
  'lib/deployed.ts': ['../functions/domain/order'],
  'lib/storing.ts': ['../functions/storage/order-store'],
  'functions/wiring/deploying.ts': ['aws-cdk-lib'],
  'functions/wiring/pretending.ts': ['../../test/fake'],
  'functions/wiring/developing.ts': ['devtool'],
  'functions/domain/hen.ts': ['./egg'],
  'functions/domain/egg.ts': ['./hen'],
  'functions/domain/alone.ts': [],
};

/** The rule that each file breaks. */
const BROKEN = [
  ['functions/domain/reading.ts', 'domain-is-pure'],
  ['functions/ports/loud.ts', 'ports-speak-domain'],
  ['functions/sync/deep.ts', 'use-cases-see-domain-and-ports-only'],
  ['functions/settings/deep.ts', 'use-cases-see-domain-and-ports-only'],
  ['functions/http/short-cut.ts', 'http-calls-use-cases'],
  ['functions/storage/upwards.ts', 'adapters-implement-ports'],
  ['functions/remote/upwards.ts', 'adapters-implement-ports'],
  ['functions/zzap/curious.ts', 'zzap-is-a-stranger-to-other-adapters'],
  ['functions/retailcrm/curious.ts', 'retailcrm-is-a-stranger-to-other-adapters'],
  ['functions/storage/curious.ts', 'storage-is-a-stranger-to-other-adapters'],
  ['functions/aws/curious.ts', 'aws-is-a-stranger-to-other-adapters'],
  ['functions/http/calling.ts', 'http-calls-use-cases'],
  ['functions/remote/curious.ts', 'remote-is-a-stranger-to-other-adapters'],
  ['functions/sealing/curious.ts', 'sealing-is-a-stranger-to-other-adapters'],
  ['functions/sealing/upwards.ts', 'adapters-implement-ports'],
  ['functions/http/sealing.ts', 'http-calls-use-cases'],
  ['functions/sync/cloudy.ts', 'aws-sdk-in-adapters-only'],
  ['functions/sync/cloudy.ts', 'use-cases-see-domain-and-ports-only'],
  ['functions/local/sandbox/peeking.ts', 'sandbox-is-a-remote'],
  ['functions/zzap/wordy.ts', 'probe-is-a-tool'],
  ['lib/deployed.ts', 'infra-and-runtime-are-strangers'],
  ['lib/storing.ts', 'infra-and-runtime-are-strangers'],
  ['functions/wiring/deploying.ts', 'runtime-never-imports-cdk'],
  ['functions/wiring/pretending.ts', 'production-never-imports-test'],
  ['functions/wiring/developing.ts', 'lambda-ships-without-dev-deps'],
  // A circle is told once, where it closes.
  ['functions/domain/egg.ts', 'no-cycles'],
  ['functions/domain/alone.ts', 'no-orphans'],
] as const;

interface Cruise {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
    readonly ruleSetUsed: {
      readonly forbidden: readonly { name: string; severity: string; comment?: string }[];
    };
  };
}

function plant(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function plantTree(folder: string): void {
  for (const [path, imports] of Object.entries(TREE)) {
    const lines = imports.map((from, index) => `import * as i${index} from '${from}';`);
    const used = imports.map((_, index) => `i${index}`).join(', ');
    plant(folder, path, `${lines.join('\n')}\nexport const here = [${used}];\n`);
  }
  for (const name of ['@aws-sdk/client', 'aws-cdk-lib', 'devtool']) {
    plant(
      folder,
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', main: 'i.js' }),
    );
    plant(folder, `node_modules/${name}/i.js`, 'module.exports = {};\n');
  }
  const dependencies = { '@aws-sdk/client': '1.0.0', 'aws-cdk-lib': '1.0.0' };
  plant(folder, 'package.json', JSON.stringify({ dependencies, devDependencies: { devtool: '1.0.0' } }));
  plant(folder, 'tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext' } }));
}

/** What the repository's own rules say of a folder. The program ends with an error when a rule is broken. */
async function cruise(folder: string): Promise<Cruise> {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(ROOT, '.dependency-cruiser.cjs');
  const args = [program, '--config', config, '--output-type', 'json', 'functions', 'lib', 'test'];
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 1 << 25 }).catch(
    (error: unknown) => error as { stdout: string },
  );
  return JSON.parse(stdout) as Cruise;
}

describe('the dependency rules', () => {
  let folder: string;
  let told: Cruise['summary'];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rules-'));
    plantTree(folder);
    ({ summary: told } = await cruise(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('each find what breaks them, and nothing that does not', () => {
    const found = told.violations.map(({ from, rule }) => `${from} breaks ${rule.name}`);

    expect([...new Set(found)].sort()).toEqual(BROKEN.map(([file, rule]) => `${file} breaks ${rule}`).sort());
  });

  it('are all tried here', () => {
    const tried = new Set<string>(BROKEN.map(([, rule]) => rule));

    expect(told.ruleSetUsed.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  it('stop the build and say what to do instead', () => {
    for (const { name, severity, comment } of told.ruleSetUsed.forbidden) {
      expect([name, severity, comment]).toEqual([name, 'error', expect.stringMatching(/\w.{20}/)]);
    }
  });
});
