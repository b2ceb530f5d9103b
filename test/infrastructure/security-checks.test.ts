import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addModule } from '../../lib/module';
import { filesBelow, read } from '../architecture/sources';
import { anApp, resourcesOf } from './templates';

// The bundles themselves have tests of their own; here it matters which one a function gets.
jest.mock('../../lib/bundling', () => ({
  bundle: (name: string, directory: string) =>
    writeFileSync(join(directory, 'index.js'), `exports.of = '${name}';`),
}));

describe('the security checks', () => {
  it.each([
    ['any account', {}],
    ['a certain one', { account: '123456789012', region: 'eu-central-1' }],
  ])('of AWS Solutions find nothing that is not explained, in %s', (_, env) => {
    const app = anApp({ alarmEmail: 'duty@shop.example', monthlyBudgetUsd: 50 });
    addModule(app, env);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

    expect(() => app.synth()).not.toThrow();
  });

  it('would tell', () => {
    const app = anApp();
    const { service } = addModule(app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    new Queue(service, 'Careless');

    expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
  });

  it('are part of every synthesis', () => {
    expect(read('bin/app.ts')).toContain('Validations.of(app).addPlugins(new AwsSolutionsChecks(app));');
  });

  it('are answered for one finding at a time, with a reason', () => {
    const answers = filesBelow('lib').flatMap((file) =>
      [...read(file).matchAll(/acknowledge\(\{\s*id: ['`]([^'`]+)['`],\s*reason:\s*'([^']+)'/g)].map(
        ([, id, reason]) => ({ id: id!, reason: reason! }),
      ),
    );
    const calls = filesBelow('lib').flatMap((file) => read(file).match(/acknowledge\(/g) ?? []);

    expect(answers).toHaveLength(calls.length);
    for (const { id, reason } of answers) {
      expect(reason.length).toBeGreaterThan(40);
      if (id.includes('IAM5')) expect(id).toMatch(/\[Resource::.+\]$/);
    }
  });
});

describe('the synthesis', () => {
  it('asks nobody: nothing is looked up', () => {
    const app = anApp();
    addModule(app);

    const { manifest } = app.synth();
    expect(manifest.missing ?? []).toEqual([]);
  });

  it('gives each function its own code, and the caretaker that of the settings', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'cdk-'));
    const app = new App({ outdir });
    const { service } = addModule(app);
    app.synth();

    const codeOf = Object.fromEntries(
      Object.entries(resourcesOf(Template.fromStack(service), 'AWS::Lambda::Function')).map(([id, one]) => {
        const { S3Key } = one.Properties['Code'] as { S3Key: string };
        const asset = join(outdir, `asset.${S3Key.replace('.zip', '')}`, 'index.js');
        return [id.slice(0, -8), readFileSync(asset, 'utf8')];
      }),
    );
    rmSync(outdir, { recursive: true });
    expect(codeOf).toEqual({
      FunctionsSettingsFunction: `exports.of = 'settings';`,
      FunctionsWebhookFunction: `exports.of = 'webhook';`,
      FunctionsSyncFunction: `exports.of = 'sync';`,
      FunctionsCaretakerFunction: `exports.of = 'settings';`,
    });
  });
});
