import * as z from 'zod';
import { createCrmApi, type CrmApi, type CrmApiOptions } from '../../../functions/retailcrm/api';
import {
  NoAnswer,
  type Exchange,
  type HttpAnswer,
  type HttpRequest,
} from '../../../functions/remote/http-exchange';
import { createVirtualClock } from '../../support/clock';

const DOOR = { crmUrl: 'https://shop.example.test', apiKey: 'k3y', timeZone: 'UTC' };
const anything = z.object({});

function ok(body: unknown = { success: true }, status = 200): HttpAnswer {
  return { status, contentType: 'application/json', text: JSON.stringify(body) };
}

function apiOf(parts: Partial<CrmApiOptions> & { readonly exchange: Exchange }): CrmApi {
  return createCrmApi({ clock: createVirtualClock(), inTurn: () => Promise.resolve(), ...parts }, DOOR);
}

describe('a request', () => {
  it('carries the key in its header alone, and nested structures as JSON in a form', async () => {
    const sent: HttpRequest[] = [];
    const exchange = (request: HttpRequest) => {
      sent.push(request);
      return Promise.resolve(ok());
    };
    const api = apiOf({ exchange });

    await api.get(
      '/api/v5/orders',
      [
        ['filter[ids][]', '1'],
        ['filter[ids][]', '2'],
        ['by', 'A&B=1'],
      ],
      anything,
    );
    await api.post('/api/v5/orders/create', { site: 'auto', order: '{"a":"&="}' }, anything);

    expect(sent.map(({ method, url, headers }) => ({ method, url, headers }))).toEqual([
      { method: 'GET', url: 'https://shop.example.test/api/v5/orders', headers: { 'X-API-KEY': 'k3y' } },
      {
        method: 'POST',
        url: 'https://shop.example.test/api/v5/orders/create',
        headers: { 'X-API-KEY': 'k3y' },
      },
    ]);
    expect(sent[0]?.query?.toString()).toBe('filter%5Bids%5D%5B%5D=1&filter%5Bids%5D%5B%5D=2&by=A%26B%3D1');
    expect(Object.fromEntries(sent[1]?.form ?? [])).toEqual({ site: 'auto', order: '{"a":"&="}' });
  });
});

describe('an answer', () => {
  const schema = z.object({ id: z.int() });
  const answering = (...answers: (HttpAnswer | Error)[]) => {
    const left = [...answers];
    return jest.fn<Promise<HttpAnswer>, [HttpRequest]>(() => {
      const next = left.shift() ?? new Error('asked too often');
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    });
  };

  it.each([200, 201, 299])('is taken with HTTP %d', async (status) => {
    const api = apiOf({ exchange: answering(ok({ success: true, id: 5 }, status)) });

    await expect(api.post('/x', {}, schema)).resolves.toEqual({ id: 5 });
  });

  it('is a refusal when it says so, whatever its status', async () => {
    const api = apiOf({ exchange: answering(ok({ success: false, id: 5, errorMsg: 'Нет' })) });

    await expect(api.post('/x', {}, schema)).rejects.toMatchObject({
      facts: { kind: 'invalid', detail: 'Нет' },
    });
  });

  it('with HTTP 460 is a result of a batch, and a refusal of anything else', async () => {
    const partly = ok({ success: false, id: 5, errorMsg: 'Orders are loaded with errors' }, 460);

    await expect(apiOf({ exchange: answering(partly) }).postBatch('/x', {}, schema)).resolves.toEqual({
      id: 5,
    });
    await expect(apiOf({ exchange: answering(partly) }).post('/x', {}, schema)).rejects.toMatchObject({
      facts: { kind: 'invalid', httpStatus: 460 },
    });
  });

  it('without a field it must have names the field; after a write nobody knows the effect', async () => {
    const odd = ok({ success: true, id: 'x' });
    const reading = apiOf({ exchange: answering(odd, odd) });
    const writing = apiOf({ exchange: answering(odd) });

    await expect(reading.get('/x', [], schema)).rejects.toMatchObject({
      facts: { kind: 'unexpected-body', detail: 'field id', effectUnknown: false },
    });
    await expect(writing.post('/x', {}, schema)).rejects.toMatchObject({
      facts: { kind: 'unexpected-body', detail: 'field id', effectUnknown: true },
    });
  });

  it.each([
    ['a list', '[]'],
    ['a text', '"ok"'],
    ['null', 'null'],
    ['a page', '<html>'],
    ['nothing', ''],
  ])('that is %s is none', async (_, text) => {
    const odd = { status: 200, contentType: 'text/html', text };
    const api = apiOf({ exchange: answering(odd, odd) });

    await expect(api.get('/x', [], schema)).rejects.toMatchObject({ facts: { kind: 'unexpected-body' } });
  });

  it('that never came is asked for again after a read, and never after a write that may have worked', async () => {
    const lost = new NoAnswer('the connection broke (ECONNRESET)', true);
    const reading = answering(lost, ok({ id: 5 }));
    const writing = answering(lost, ok({ id: 5 }));

    await expect(apiOf({ exchange: reading }).get('/x', [], schema)).resolves.toEqual({ id: 5 });
    await expect(apiOf({ exchange: writing }).post('/x', {}, schema)).rejects.toMatchObject({
      facts: { kind: 'unavailable', effectUnknown: true, detail: 'the connection broke (ECONNRESET)' },
    });

    expect(writing).toHaveBeenCalledTimes(1);
  });

  it('that could not come, since nothing was sent, is asked for again also after a write', async () => {
    const exchange = answering(new NoAnswer('no connection (ECONNREFUSED)', false), ok({ id: 5 }));

    await expect(apiOf({ exchange }).post('/x', {}, schema)).resolves.toEqual({ id: 5 });
  });

  it('of too many requests is waited out, and every repetition takes its turn', async () => {
    const clock = createVirtualClock();
    const turns: [string, number][] = [];
    const inTurn = (crmUrl: string) => Promise.resolve(void turns.push([crmUrl, clock.nowMs()]));
    const exchange = answering(ok({ success: false }, 503), ok({ success: false }, 503), ok({ id: 5 }));

    await apiOf({ exchange, clock, inTurn }).post('/x', {}, schema);

    expect(clock.slept).toEqual([3_000, 6_000]);
    expect(turns).toEqual([0, 3_000, 9_000].map((atMs) => [DOOR.crmUrl, atMs]));
  });

  it('is not asked for before its turn has come, and every request is told', async () => {
    const happened: string[] = [];
    const api = createCrmApi(
      {
        clock: createVirtualClock(),
        inTurn: () => Promise.resolve(void happened.push('turn')),
        exchange: () => {
          happened.push('sent');
          return Promise.resolve(ok());
        },
      },
      DOOR,
      { called: () => happened.push('told'), waiting: () => undefined },
    );

    await api.get('/x', [], anything);

    expect(happened).toEqual(['turn', 'told', 'sent']);
  });

  it('of a broken program is not taken for one of RetailCRM', async () => {
    const exchange = answering(new TypeError('a bug of ours'));

    await expect(apiOf({ exchange }).get('/x', [], schema)).rejects.toThrow(TypeError);
  });
});
