import { App } from 'aws-cdk-lib';
import { readStage, type Stage } from '../../lib/stage';

function stageOf(context: Record<string, unknown>): Stage {
  return readStage(new App({ context }).node);
}

describe('the settings of a stage', () => {
  it('are safe when nothing is said', () => {
    expect(stageOf({})).toEqual({
      name: 'prod',
      prefix: 'zzap-retailcrm-prod',
      logLevel: 'info',
      logRetentionDays: 30,
      removal: 'retain',
      concurrentSyncsMax: 20,
      crmAllowedHosts: [],
      zzapBaseUrl: 'https://api.zzap.pro',
      zzapMinIntervalMs: 3000,
      crmRequestsPerSecond: 9,
      requestsPerSecondMax: 50,
      requestsBurstMax: 100,
    });
  });

  it('come from the file, and from the command line before that', () => {
    const stage = stageOf({
      stages: { trial: { removal: 'destroy', logLevel: 'debug' }, prod: { logLevel: 'warn' } },
      stage: 'trial',
      logLevel: 'error',
      concurrentSyncsMax: '7',
      crmAllowedHosts: 'crm.example, other.example',
      publicUrl: 'https://zzap.shop.example/',
    });

    expect(stage).toMatchObject({
      name: 'trial',
      prefix: 'zzap-retailcrm-trial',
      removal: 'destroy',
      logLevel: 'error',
      concurrentSyncsMax: 7,
      crmAllowedHosts: ['crm.example', 'other.example'],
      publicUrl: 'https://zzap.shop.example',
    });
  });

  it.each([
    [{ alarmEmail: 'nobody' }, 'alarmEmail: Invalid email address'],
    [{ concurrentSyncsMax: '1' }, 'concurrentSyncsMax: Too small'],
    [{ concurrentSyncsMax: 1001 }, 'concurrentSyncsMax: Too big'],
    [{ logRetentionDays: 31 }, 'logRetentionDays: CloudWatch knows'],
    [{ removal: 'maybe' }, 'removal: Invalid option'],
    [{ zzapBaseUrl: 'http://api.zzap.pro' }, 'zzapBaseUrl: Invalid URL'],
    [{ crmRequestsPerSecond: 10 }, 'crmRequestsPerSecond: Too big'],
    [{ stages: { prod: { alarmMail: 'a@b.example' } } }, 'Unrecognized key: "alarmMail"'],
    [{ stages: { prod: 'much' } }, 'stages.prod: Invalid input'],
    [{ stage: 'Prod!' }, 'stage: lower-case letters'],
    [{ stage: 'prdo' }, 'stage: "prdo" is none of prod'],
  ])('that are wrong are named: %j', (context, message) => {
    expect(() => stageOf(context)).toThrow(new RegExp(`^Wrong stage settings:\n  ${escaped(message)}`));
  });

  it('that are wrong are named all at once', () => {
    const read = () => stageOf({ logLevel: 'loud', monthlyBudgetUsd: '-1' });

    expect(read).toThrow(/monthlyBudgetUsd: .*\n {2}logLevel: |logLevel: .*\n {2}monthlyBudgetUsd: /);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
