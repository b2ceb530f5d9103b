import { answerHttpEvents } from '../../../functions/lambda/http-event';
import recorded from '../../fixtures/aws/http-api.json';
import { httpEvent, type EventParts } from '../../support/bundles/http-event';

/** The request that a handler is given for an event. */
async function requestOf(event: Parameters<ReturnType<typeof answerHttpEvents>>[0]): Promise<Request> {
  const given: Request[] = [];
  await answerHttpEvents((request) => {
    given.push(request);
    return Promise.resolve(new Response(null, { status: 204 }));
  })(event);
  if (!given[0]) throw new Error('nothing was asked');
  return given[0];
}
const from = (parts: EventParts) => requestOf(httpEvent(parts));
const answering = (response: Response, parts: EventParts = {}) =>
  answerHttpEvents(() => Promise.resolve(response))(httpEvent(parts));

describe('an event of the HTTP API', () => {
  it('is the request that the gateway was sent', async () => {
    const request = await requestOf({ ...recorded });

    expect(request.method).toBe('GET');
    expect(request.url).toBe(
      'https://abc123.execute-api.eu-central-1.amazonaws.com/api/accounts?limit=5&limit=6&name=%D0%97%D0%B0%D0%BA%D0%B0%D0%B7',
    );
    expect(new URL(request.url).searchParams.getAll('limit')).toEqual(['5', '6']);
    expect(new URL(request.url).searchParams.get('name')).toBe('Заказ');
    expect(request.headers.get('accept-language')).toBe('en');
    const cookie = Buffer.from(request.headers.get('cookie') ?? '', 'latin1').toString('utf8');
    expect(cookie).toBe('session=one; theme=тёмная');
  });

  it.each([
    ['/api/accounts/a-1', '/api/accounts/a-1'],
    // the gateway has decoded it
    ['/api/accounts/что?#', '/api/accounts/%D1%87%D1%82%D0%BE%3F%23'],
    ['/api/../healthz', '/healthz'],
    ['//evil.test/x', '//evil.test/x'],
    ['', '/'],
  ])('with the path %j asks %j', async (path, pathname) => {
    const { host, pathname: asked, search } = new URL((await from({ path })).url);

    expect([host, asked, search]).toEqual(['abc123.execute-api.eu-central-1.amazonaws.com', pathname, '']);
  });

  it.each([
    ['$default', '/prod/healthz', '/prod/healthz'],
    ['prod', '/prod/healthz', '/healthz'],
    ['prod', '/prod', '/'],
    ['prod', '/production/x', '/production/x'],
  ])('of the stage %s: %s asks %s', async (stage, path, pathname) => {
    expect(new URL((await from({ path, stage })).url).pathname).toBe(pathname);
  });

  it.each([
    ['as text', 'имя=Ёж', false],
    ['as base64', Buffer.from('имя=Ёж').toString('base64'), true],
  ])('has its body %s', async (_, body, isBase64Encoded) => {
    expect(await (await from({ method: 'POST', body, isBase64Encoded })).text()).toBe('имя=Ёж');
  });

  it('keeps bytes that are no text', async () => {
    const bytes = Buffer.from([0, 255, 254, 10, 13]);
    const request = await from({ method: 'PUT', body: bytes.toString('base64'), isBase64Encoded: true });

    expect(Buffer.from(await request.arrayBuffer())).toEqual(bytes);
  });

  it.each(['GET', 'HEAD'])('of the method %s may carry a body that nobody reads', async (method) => {
    const request = await from({ method, body: 'id=1' });

    expect([request.method, request.body]).toEqual([method, null]);
  });

  it('that is no request is refused without a word', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation();

    expect(await answering(new Response('x'), { method: 'TRACE' })).toEqual({ statusCode: 400, body: '' });
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });
});

describe('an answer', () => {
  it.each([
    'application/json; charset=utf-8',
    'application/problem+json; charset=utf-8',
    'text/html; charset=utf-8',
    'image/svg+xml',
  ])('of %s goes out as text', async (type) => {
    const result = await answering(
      new Response('"Заказ"', { status: 201, headers: { 'content-type': type } }),
    );

    expect(result).toEqual({
      statusCode: 201,
      headers: { 'content-type': type },
      body: '"Заказ"',
      isBase64Encoded: false,
    });
  });

  it.each([
    ['no text', { 'content-type': 'image/png' }],
    ['compressed', { 'content-type': 'text/css', 'content-encoding': 'br' }],
  ])('that is %s goes out as base64', async (_, headers) => {
    const bytes = Buffer.from([137, 80, 78, 71, 0]);

    const result = await answering(new Response(bytes, { headers }));

    expect(result).toMatchObject({ isBase64Encoded: true, body: bytes.toString('base64') });
  });

  it('without a body has none', async () => {
    expect(await answering(new Response(null, { status: 204 }))).toEqual({
      statusCode: 204,
      headers: {},
      body: '',
      isBase64Encoded: false,
    });
  });

  it('sets each cookie by itself', async () => {
    const headers = new Headers([
      ['set-cookie', 'a=1; Expires=Mon, 23 Nov 2026 12:00:00 GMT'],
      ['set-cookie', 'b=2'],
    ]);

    const result = await answering(new Response('', { headers }));

    expect(result.cookies).toEqual(['a=1; Expires=Mon, 23 Nov 2026 12:00:00 GMT', 'b=2']);
    expect(Object.keys(result.headers ?? {})).not.toContain('set-cookie');
  });
});

describe('who asks', () => {
  const caller = async (event: Parameters<ReturnType<typeof answerHttpEvents>>[0]) => {
    const told: unknown[] = [];
    await answerHttpEvents((_, who) => {
      told.push(who);
      return Promise.resolve(new Response(null, { status: 204 }));
    })(event);
    return told;
  };

  it('is an operator when the gateway has checked a signature', async () => {
    expect(await caller(httpEvent({ path: '/api/accounts' }))).toEqual([{ isOperator: true }]);
  });

  it.each([[undefined], [null], [{}], [{ iam: null }], [{ jwt: {} }], ['iam']])(
    'is nobody with the authorizer %j',
    async (authorizer) => {
      const event = httpEvent({ path: '/api/accounts', unsigned: true });
      const requestContext = { ...event.requestContext, authorizer };

      expect(await caller({ ...event, requestContext })).toEqual([{ isOperator: false }]);
    },
  );
});
