import { readArguments } from '../../../functions/probe/arguments';
import { readTargets, type Ask } from '../../../functions/probe/environment';

const nobody: Ask = () => Promise.resolve(null);

describe('the options of the probe', () => {
  it('write nothing and try nothing wrong unless asked to', () => {
    expect(readArguments([])).toEqual({
      help: false,
      out: 'probe-shapes.json',
      tryWrongPassword: false,
      tryWrongKey: false,
      writeOrder: null,
      writeCrmOrder: null,
    });
  });

  it('name one order to write to', () => {
    expect(readArguments(['--write-order', '512000101', '--write-crm-order=7146'])).toMatchObject({
      writeOrder: '512000101',
      writeCrmOrder: '7146',
    });
  });

  it.each([
    [['--write-order', 'all']],
    [['--write-order', '0']],
    [['--write-crm-order', '1,2']],
    [['--write-order']],
    [['--wrote-order', '1']],
    [['order']],
  ])('refuse %j', (args) => {
    expect(() => readArguments(args)).toThrow(expect.objectContaining({ name: 'NotRunnable' }) as Error);
  });
});

describe('whom the probe asks', () => {
  it('is told by the environment', async () => {
    const targets = await readTargets(
      {
        ZZAP_LOGIN: 'me@zzap.example',
        ZZAP_PASSWORD: ' word ',
        ZZAP_API_KEY: 'k+/=',
        CRM_URL: 'https://shop.retailcrm.ru/',
        CRM_API_KEY: 'crm-key',
      },
      nobody,
    );

    expect(targets).toEqual({
      zzap: {
        baseUrl: 'https://api.zzap.pro',
        credentials: { login: 'me@zzap.example', password: ' word ', apiKey: 'k+/=' },
      },
      crm: { crmUrl: 'https://shop.retailcrm.ru', apiKey: 'crm-key', site: null, isOwnDomain: true },
    });
  });

  it('is asked for where the environment is silent, secrets without echo', async () => {
    const asked: [string, boolean][] = [];
    const answers = ['me@zzap.example', 'pass', 'key', ''];
    const targets = await readTargets({}, (question, isSecret) => {
      asked.push([question, isSecret]);
      return Promise.resolve(answers[asked.length - 1] ?? null);
    });

    expect(asked).toEqual([
      ['ZZap login (empty: leave ZZap out): ', false],
      ['ZZap password: ', true],
      ['ZZap API key: ', true],
      ['RetailCRM address (empty: leave RetailCRM out): ', false],
    ]);
    expect(targets).toMatchObject({ zzap: { credentials: { login: 'me@zzap.example' } }, crm: null });
  });

  it('may be an address that is allowed by setting, or of this machine', async () => {
    const key = { CRM_API_KEY: 'k' };
    const allowed = { ...key, CRM_URL: 'https://crm.shop.example', CRM_ALLOWED_HOSTS: 'CRM.shop.example' };
    const local = { ...key, CRM_URL: 'http://127.0.0.1:3002' };

    expect((await readTargets(allowed, nobody)).crm?.isOwnDomain).toBe(false);
    expect((await readTargets(local, nobody)).crm?.isOwnDomain).toBeNull();
  });

  it.each([
    ['nothing', {}, /--help/],
    ['a login alone', { ZZAP_LOGIN: 'secret-login' }, /ZZAP_PASSWORD/],
    [
      'a foreign address',
      { CRM_URL: 'https://secret.example', CRM_API_KEY: 'k' },
      /^R13 .*CRM_ALLOWED_HOSTS/,
    ],
    ['an address that is none', { CRM_URL: 'secret', CRM_API_KEY: 'k' }, /CRM_URL/],
    ['no key', { CRM_URL: 'https://secret.retailcrm.ru' }, /CRM_API_KEY/],
    ['a base that is no URL', { ZZAP_BASE_URL: 'secret', ZZAP_LOGIN: 'a' }, /ZZAP_BASE_URL/],
  ])('is refused by name and not by value: %s', async (_what, variables, words) => {
    const refusal = await readTargets(variables, nobody).catch((error: unknown) => error as Error);

    expect(refusal).toMatchObject({ name: 'NotRunnable', message: expect.stringMatching(words) as string });
    expect((refusal as Error).message).not.toContain('secret');
  });
});
