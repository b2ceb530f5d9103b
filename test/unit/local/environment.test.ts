import { readLocalEnvironment } from '../../../functions/local/environment';

/** The error that a set of variables ends in. */
function complaintOf(variables: Record<string, string>): string {
  try {
    readLocalEnvironment(variables);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  throw new Error('nothing was wrong');
}

describe('the variables of the local run', () => {
  it('are all optional', () => {
    expect(readLocalEnvironment({})).toEqual({
      PORT: 3000,
      DATA_DIR: '.data',
      SANDBOX: 'on',
      CRM_ALLOWED_HOSTS: [],
      CRM_REQUESTS_PER_SECOND: expect.any(Number) as number,
      ZZAP_MIN_INTERVAL_MS: 3_000,
      LOG_LEVEL: 'info',
    });
  });

  it('are read when they are given', () => {
    expect(
      readLocalEnvironment({
        PORT: '8080',
        DATA_DIR: './my data',
        SANDBOX: 'off',
        ZZAP_BASE_URL: 'https://zzap.example/',
        CRM_ALLOWED_HOSTS: ' Crm.Example , localhost:8443,, ',
        CRM_REQUESTS_PER_SECOND: '2.5',
        ZZAP_MIN_INTERVAL_MS: '0',
        PUBLIC_URL: 'https://shop.example:8443',
        LOG_LEVEL: 'silent',
      }),
    ).toEqual({
      PORT: 8_080,
      DATA_DIR: './my data',
      SANDBOX: 'off',
      ZZAP_BASE_URL: 'https://zzap.example',
      CRM_ALLOWED_HOSTS: ['crm.example', 'localhost:8443'],
      CRM_REQUESTS_PER_SECOND: 2.5,
      ZZAP_MIN_INTERVAL_MS: 0,
      PUBLIC_URL: 'https://shop.example:8443',
      LOG_LEVEL: 'silent',
    });
  });

  it('count as absent when they are empty', () => {
    const empty = Object.fromEntries(
      ['PORT', 'DATA_DIR', 'SANDBOX', 'ZZAP_BASE_URL', 'PUBLIC_URL', 'LOG_LEVEL'].map((name) => [name, '']),
    );

    expect(readLocalEnvironment(empty)).toEqual(readLocalEnvironment({}));
  });

  it('leave those of other programs alone', () => {
    expect(readLocalEnvironment({ HOME: '/root', NODE_ENV: 'test' })).toEqual(readLocalEnvironment({}));
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    // The sandbox takes the two ports after it.
    ['PORT', '65534'],
    ['SANDBOX', 'yes-please'],
    ['SANDBOX', 'OFF'],
    ['ZZAP_BASE_URL', 'zzap.example'],
    ['ZZAP_BASE_URL', 'ftp://zzap.example'],
    ['ZZAP_BASE_URL', 'https://zzap.example/webservice'],
    ['ZZAP_BASE_URL', 'https://login:Secret77@zzap.example'],
    ['ZZAP_BASE_URL', 'https://zzap.example/?key=Secret77'],
    ['CRM_REQUESTS_PER_SECOND', '0.01'],
    ['CRM_REQUESTS_PER_SECOND', '1000'],
    ['CRM_REQUESTS_PER_SECOND', 'many'],
    ['ZZAP_MIN_INTERVAL_MS', '-5'],
    ['ZZAP_MIN_INTERVAL_MS', '3s'],
    ['ZZAP_MIN_INTERVAL_MS', '99999999'],
    ['PUBLIC_URL', 'shop.example'],
    ['PUBLIC_URL', 'https://shop.example/admin'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['LOG_LEVEL', 'verbose'],
  ])('are named when they are wrong, without their value: %s=%s', (name, value) => {
    const complaint = complaintOf({ [name]: value });

    expect(complaint).toMatch(new RegExp(`^Wrong environment variables:\\n  ${name}: \\S.+`));
    expect(complaint).not.toContain(value);
    expect(complaint).not.toContain('Secret77');
  });

  it('are named all at once', () => {
    const complaint = complaintOf({
      PORT: 'eighty',
      SANDBOX: 'perhaps',
      ZZAP_BASE_URL: 'nowhere',
      PUBLIC_URL: 'here',
      LOG_LEVEL: 'loud',
    });

    const named = [...complaint.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name);
    expect([...new Set(named)]).toEqual(['PORT', 'SANDBOX', 'ZZAP_BASE_URL', 'PUBLIC_URL', 'LOG_LEVEL']);
  });
});
