import fc from 'fast-check';
import type { RemoteErrorFacts } from '../../../functions/domain/remote-error';
import {
  crmError,
  errorOfBody,
  errorOfUnreadable,
  saysEntityIsGone,
} from '../../../functions/retailcrm/errors';
import type { HttpAnswer } from '../../../functions/remote/http-exchange';

const KEY = 'k3y-of-an-account';
const NGINX = '<html>\r\n<head><title>Not Allowed</title></head><body>nginx</body></html>';

function answered(status: number, text: string, more: Partial<HttpAnswer> = {}): HttpAnswer {
  return { status, contentType: 'application/json', text, ...more };
}

function factsOfBody(status: number, body: unknown, more: Partial<HttpAnswer> = {}): RemoteErrorFacts {
  return errorOfBody(answered(status, JSON.stringify(body), more), body, [KEY]).facts;
}

function factsOfText(status: number, text: string, more: Partial<HttpAnswer> = {}): RemoteErrorFacts {
  return errorOfUnreadable(answered(status, text, more), [KEY]).facts;
}

describe("RetailCRM's refusal", () => {
  it.each<[number, string, Partial<RemoteErrorFacts>]>([
    [403, '"apiKey" is missing.', { kind: 'auth', credential: 'apiKey' }],
    [403, 'Wrong "apiKey" value.', { kind: 'auth', credential: 'apiKey' }],
    [404, 'Wrong "apiKey" value.', { kind: 'auth', credential: 'apiKey' }],
    [403, 'Access denied.', { kind: 'auth', credential: 'scope' }],
    [403, 'Something new', { kind: 'auth' }],
    [401, 'Something new', { kind: 'auth' }],
    [400, 'Account does not exist.', { kind: 'not-found' }],
    [404, 'Account does not exist.', { kind: 'not-found' }],
    [404, 'Not found', { kind: 'not-found' }],
    [404, 'Not found map', { kind: 'not-found' }],
    [404, 'API method not found', { kind: 'not-found' }],
    [400, 'Errors in the entity format', { kind: 'invalid' }],
    [400, 'Validation error', { kind: 'invalid' }],
    [400, "Parameter 'order' is missing", { kind: 'invalid' }],
    [400, "Parameter 'filter[ids][0]' is missing", { kind: 'invalid' }],
    [400, 'Errors in the input parameters', { kind: 'invalid' }],
    [400, 'Errors in the pagination parameters', { kind: 'invalid' }],
    [400, 'Invalid input parameters', { kind: 'invalid' }],
    [400, 'Order with externalId=zzap-1 already exists.', { kind: 'invalid' }],
    [400, 'An attempt was made to edit a nonexistent record', { kind: 'invalid' }],
    [400, 'Not enabled simple connection', { kind: 'invalid' }],
    [402, 'Failed to activate module', { kind: 'invalid' }],
    [405, 'Method Not Allowed', { kind: 'invalid' }],
    [460, 'Orders are loaded with errors', { kind: 'invalid' }],
    [200, 'Orders are loaded with errors', { kind: 'invalid' }],
    [429, 'Rate limit exceeded', { kind: 'rate-limited' }],
    [503, 'Rate limit exceeded', { kind: 'rate-limited' }],
  ])('with HTTP %d and «%s» is %j, and had no effect', (httpStatus, errorMsg, facts) => {
    expect(factsOfBody(httpStatus, { success: false, errorMsg })).toEqual({
      remote: 'retailcrm',
      detail: errorMsg,
      httpStatus,
      effectUnknown: false,
      fields: {},
      ...facts,
    });
  });

  it.each([500, 502, 504, 599])('with HTTP %d may have had an effect', (status) => {
    expect(factsOfBody(status, { success: false, errorMsg: 'Internal Server Error' })).toMatchObject({
      kind: 'unavailable',
      effectUnknown: true,
    });
  });

  it('may say when to ask again', () => {
    const { retryAfterMs } = factsOfBody(503, { success: false }, { retryAfterMs: 2_000 });

    expect(retryAfterMs).toBe(2_000);
  });

  it.each([
    [{}],
    [{ success: false }],
    [{ success: false, errorMsg: null }],
    [{ errorMsg: ['?'] }],
    [[]],
    [['?']],
  ])('without words, %j, is told by its status', (body) => {
    expect(factsOfBody(400, body)).toMatchObject({ kind: 'invalid', detail: 'HTTP 400', fields: {} });
    expect(factsOfBody(404, body)).toMatchObject({ kind: 'not-found', detail: 'HTTP 404' });
  });
});

describe('the fields that RetailCRM complains about', () => {
  const fieldsOf = (errors: unknown) => factsOfBody(400, { success: false, errorMsg: 'Errors', errors });

  it.each<[string, unknown, Record<string, string>, string]>([
    [
      'an object',
      { firstName: 'Значение недопустимо.', 'items[0].offer.id': 'Offer with id 123123 not found.' },
      { firstName: 'Значение недопустимо.', 'items[0].offer.id': 'Offer with id 123123 not found.' },
      'Errors; firstName: Значение недопустимо.; items[0].offer.id: Offer with id 123123 not found.',
    ],
    [
      'a list of texts',
      ['Значение недопустимо.', 'Ещё одно.'],
      { '0': 'Значение недопустимо.', '1': 'Ещё одно.' },
      'Errors; Значение недопустимо.; Ещё одно.',
    ],
    [
      'a list of texts that begin with a path',
      ['items[0].offer.id: Offer with id 123123 not found.', 'email: Нет: совсем нет'],
      { 'items[0].offer.id': 'Offer with id 123123 not found.', email: 'Нет: совсем нет' },
      'Errors; items[0].offer.id: Offer with id 123123 not found.; email: Нет: совсем нет',
    ],
    [
      'an object by position, as of a batch',
      { '0': 'Order with externalId=1 already exists.', '2': 'status: нет такого' },
      { '0': 'Order with externalId=1 already exists.', status: 'нет такого' },
      'Errors; Order with externalId=1 already exists.; status: нет такого',
    ],
    [
      'values that are no texts',
      { items: [{ quantity: ['Мало'] }], call: true, number: 12, status: null },
      { items: '[{"quantity":["Мало"]}]', call: 'true', number: '12', status: 'null' },
      'Errors; items: [{"quantity":["Мало"]}]; call: true; number: 12; status: null',
    ],
    ['an empty list', [], {}, 'Errors'],
    ['a text', 'Беда', {}, 'Errors'],
    ['null', null, {}, 'Errors'],
  ])('come as %s', (_, errors, fields, detail) => {
    expect(fieldsOf(errors)).toMatchObject({ kind: 'invalid', fields, detail });
  });

  it('may have any name', () => {
    const errors: unknown = JSON.parse('{"__proto__":"a","constructor":"b"}');

    expect(Object.entries(fieldsOf(errors).fields ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('an answer that is not JSON', () => {
  it.each<[string, number, string, Partial<RemoteErrorFacts>]>([
    [
      'no account, as the web server says it',
      405,
      NGINX,
      { kind: 'not-found', detail: 'no such account', effectUnknown: false },
    ],
    ['too many requests', 503, NGINX, { kind: 'rate-limited', effectUnknown: false }],
    ['too many requests', 503, '', { kind: 'rate-limited', effectUnknown: false }],
    ['too many requests', 429, NGINX, { kind: 'rate-limited', effectUnknown: false }],
    ['out of order', 500, NGINX, { kind: 'unavailable', effectUnknown: true }],
    ['out of order', 502, '', { kind: 'unavailable', effectUnknown: true }],
    ['nothing there', 404, NGINX, { kind: 'not-found' }],
    [
      'a changed service',
      200,
      NGINX,
      { kind: 'unexpected-body', effectUnknown: true, detail: 'HTTP 200: an HTML page instead of data' },
    ],
    [
      'a changed service',
      200,
      '\n \t<!DOCTYPE html>',
      { kind: 'unexpected-body', detail: 'HTTP 200: an HTML page instead of data' },
    ],
    [
      'a changed service',
      200,
      '',
      { kind: 'unexpected-body', effectUnknown: true, detail: 'HTTP 200: not JSON' },
    ],
    ['a changed service', 201, '{"success":true,', { kind: 'unexpected-body', effectUnknown: true }],
    ['a changed service', 302, '', { kind: 'unexpected-body', effectUnknown: true }],
    ['a changed service', 405, '', { kind: 'unexpected-body' }],
    ['a changed service', 400, NGINX, { kind: 'unexpected-body' }],
  ])('tells of %s: HTTP %d «%s»', (_, status, text, facts) => {
    expect(factsOfText(status, text)).toMatchObject({ remote: 'retailcrm', httpStatus: status, ...facts });
  });

  it.each([401, 403])('with HTTP %d does not condemn the key: RetailCRM refuses one in JSON', (status) => {
    expect(factsOfText(status, NGINX).kind).toBe('unexpected-body');
    expect(factsOfText(status, '').kind).toBe('unexpected-body');
  });

  it('is not quoted', () => {
    expect(errorOfUnreadable(answered(200, `<p>${KEY} buyer@example.test</p>`), [KEY]).message).toBe(
      'retailcrm: unexpected-body: HTTP 200: an HTML page instead of data',
    );
  });
});

describe('what an error keeps', () => {
  const body = {
    success: false,
    errorMsg: `Key ${KEY} may not`,
    errors: {
      email: 'Значение buyer1@example.test недопустимо',
      phone: 'Телефон +7 (900) 000-00-01 занят',
      items: [{ comment: `${KEY} и 8 900 000 00 01` }],
    },
  };

  it.each([
    ['an object', body],
    [
      'a list',
      {
        ...body,
        errors: Object.entries(body.errors).map(([path, text]) => `${path}: ${JSON.stringify(text)}`),
      },
    ],
  ])('are neither keys nor contacts of buyers, with the complaints in %s', (_, wire) => {
    const error = errorOfBody(answered(400, ''), wire, [KEY]);

    const kept = JSON.stringify([error.message, error.facts]);

    expect(kept).toContain('Значение ***@*** недопустимо');
    expect(kept).toContain('Телефон *** занят');
    expect(kept).not.toMatch(/k3y|buyer1|900/);
  });

  it('is never a key, whatever RetailCRM answers', () => {
    const withKey = fc.string({ maxLength: 150 }).map((text) => `${text}${KEY}${text}`);
    const errors = fc.oneof(
      fc.array(withKey),
      fc.dictionary(fc.string(), withKey),
      fc.array(fc.array(withKey)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), withKey, errors, (status, errorMsg, complaints) => {
        const error = errorOfBody(answered(status, ''), { success: false, errorMsg, errors: complaints }, [
          KEY,
        ]);

        expect(error.message).not.toContain(KEY);
        expect(JSON.stringify(error.facts)).not.toContain(KEY);
      }),
    );
  });

  it('is of a length that a page can show', () => {
    const errors = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`field${index}`, 'Нет. '.repeat(100)]),
    );
    const { detail, fields } = factsOfBody(400, { success: false, errorMsg: 'Errors', errors });

    expect(detail.length).toBeLessThanOrEqual(201);
    expect(Math.max(...Object.values(fields ?? {}).map(({ length }) => length))).toBeLessThanOrEqual(201);
  });
});

describe('an entity is gone', () => {
  it.each(['Not found', 'Not found map', 'Заказ не найден'])('when RetailCRM says «%s»', (errorMsg) => {
    expect(saysEntityIsGone(errorOfBody(answered(404, ''), { success: false, errorMsg }, []))).toBe(true);
  });

  it.each([
    [
      'the whole account is',
      errorOfBody(answered(404, ''), { success: false, errorMsg: 'Account does not exist.' }, []),
    ],
    ['the whole account is, in the web server’s words', errorOfUnreadable(answered(405, NGINX), [])],
    [
      'the method is',
      errorOfBody(answered(404, ''), { success: false, errorMsg: 'API method not found' }, []),
    ],
    ['a page says so', errorOfUnreadable(answered(404, NGINX), [])],
    ['nothing says so', errorOfBody(answered(404, ''), {}, [])],
    ['the key is refused', errorOfBody(answered(404, ''), { errorMsg: 'Wrong "apiKey" value.' }, [])],
    ['the request is refused', crmError({ kind: 'invalid', detail: 'Not found', effectUnknown: false })],
    ['something else broke', new Error('Not found')],
  ])('not when %s', (_, error) => {
    expect(saysEntityIsGone(error)).toBe(false);
  });
});
