import { createSettingsApp } from '../../../functions/http/app';
import { answerHttpEvents } from '../../../functions/lambda/http-event';
import { httpEvent } from '../../support/bundles/http-event';
import { createWorld } from '../../support/settings-world';

const answer = () => answerHttpEvents(createSettingsApp(createWorld().ports, { describe: () => '{}' }));

describe('somebody whom the gateway has let through without a signature', () => {
  it.each([
    ['/api/accounts'],
    ['/./api/accounts'],
    ['/x/../api/accounts'],
    ['/x/%2e%2e/api/accounts'],
    ['/x\\..\\api/accounts'],
    ['/a\tpi/accounts'],
    ['/%61pi/accounts'],
    ['/ap%69/accounts'],
    ['/api/connections/c-1'],
    ['/api/connections/c-1/preview'],
    ['/api'],
    ['/api/'],
    ['/API/accounts'],
    ['//api/accounts'],
    ['/api//accounts'],
    ['/api/accounts/'],
  ])('learns nothing at %j', async (path) => {
    const { statusCode, body } = await answer()(httpEvent({ path, unsigned: true }));

    expect([401, 404]).toContain(statusCode);
    expect(body).not.toContain('items');
  });

  it('is told to sign in', async () => {
    const { statusCode, body } = await answer()(httpEvent({ path: '/api/accounts', unsigned: true }));

    expect(statusCode).toBe(401);
    expect(body).toContain('"code":"sign-in-first"');
    expect(body).toContain('Sign in to open the settings.');
  });

  it.each([['/healthz'], ['/openapi.json']])('is answered at %s', async (path) => {
    expect(await answer()(httpEvent({ path, unsigned: true }))).toMatchObject({ statusCode: 200 });
  });
});

describe('somebody who has signed', () => {
  it('is answered', async () => {
    const { statusCode, body } = await answer()(httpEvent({ path: '/api/accounts' }));

    expect([statusCode, body]).toEqual([200, '{"items":[]}']);
  });
});
