import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RemoteErrorFacts } from '../../../functions/domain/remote-error';
import type { HttpAnswer } from '../../../functions/remote/http-exchange';
import { errorOfAnswer, errorOfText } from '../../../functions/zzap/errors';

const SECRETS = ['key+with/signs==', 'pa ss&word', 'shop@example.test'];
const fixture = (name: string): string => readFileSync(join(__dirname, '../../fixtures/zzap', name), 'utf8');

describe("ZZap's words for an error", () => {
  it.each<[string, Pick<RemoteErrorFacts, 'kind' | 'credential'>]>([
    ['[100]:Превышена максимальная частота запросов..', { kind: 'rate-limited' }],
    ['[100]:что угодно', { kind: 'rate-limited' }],
    ['Превышена Максимальная частота запросов', { kind: 'rate-limited' }],
    ['[101]:Пользователь с таким логином не найден', { kind: 'auth', credential: 'login' }],
    ['Неверный e-mail', { kind: 'auth', credential: 'login' }],
    ['[102]:Неверный пароль', { kind: 'auth', credential: 'password' }],
    ['Wrong password', { kind: 'auth', credential: 'password' }],
    ['[103]:Неверный API ключ', { kind: 'auth', credential: 'apiKey' }],
    ['Ключ не найден', { kind: 'auth', credential: 'apiKey' }],
    ['Срок действия ключа истёк', { kind: 'auth', credential: 'apiKey' }],
    ['Invalid api_key', { kind: 'auth', credential: 'apiKey' }],
    ['zzap-api-key не прошел проверку, в доступе отказано!', { kind: 'auth', credential: 'apiKey' }],
    ['Неверный логин или пароль', { kind: 'auth' }],
    ['Доступ запрещён', { kind: 'auth' }],
    ['Нет доступа', { kind: 'auth' }],
    ['Ошибка авторизации', { kind: 'auth' }],
    ['[201]:Заказ не найден', { kind: 'not-found' }],
    ['Заказ № 512000101 не найден', { kind: 'not-found' }],
    ['Order 5 not found', { kind: 'not-found' }],
    ['[202]:Неизвестный статус заказа', { kind: 'invalid' }],
    ['[203]:Этот статус продавец установить не может', { kind: 'invalid' }],
    ['[301]:Неверный формат даты', { kind: 'invalid' }],
    ['[999]:Неизвестная ошибка', { kind: 'invalid' }],
    ['[1001]:Ошибка', { kind: 'invalid' }],
  ])('%p', (text, expected) => {
    const { facts } = errorOfText(text, SECRETS);

    expect(facts).toEqual({ remote: 'zzap', detail: text, effectUnknown: false, ...expected });
  });

  it.each([
    'Необработанное исключение',
    'Ошибка подключения к базе данных',
    'Сервис отключён на время работ',
    'Статус нельзя изменить: заказ исключён из обработки',
    'Сервис временно недоступен, попробуйте позже',
    'Метод не доступен для этого статуса',
    'Заказ отменён пользователем',
  ])('do not blame the credentials: %p', (text) => {
    expect(errorOfText(text, SECRETS).facts.kind).not.toBe('auth');
  });

  it.each([
    ['our key', 'Ключ key+with/signs== неверен', 'Ключ *** неверен'],
    ['our password', 'Пароль pa ss&word неверен', 'Пароль *** неверен'],
    ['our login', 'Логин shop@example.test неверен', 'Логин *** неверен'],
    ["a buyer's e-mail", 'Нельзя: buyer.one+x@mail.example.test!', 'Нельзя: ***@***'],
    ["a buyer's phone", 'Номер +7 (900) 000-00-01 занят', 'Номер *** занят'],
    ["a buyer's phone in plain digits", 'Номер 89000000001 занят', 'Номер *** занят'],
  ])('are kept without %s', (_, text, detail) => {
    const error = errorOfText(text, SECRETS);

    expect(error.facts.detail).toBe(detail);
    expect(error.message).not.toMatch(/key\+with|pa ss|@example|900/);
  });
});

describe('an answer that is not data', () => {
  function answer(text: string, changes: Partial<HttpAnswer> = {}): HttpAnswer {
    return { status: 200, contentType: 'text/html', text, ...changes };
  }

  it.each<[string, HttpAnswer, Partial<RemoteErrorFacts>]>([
    ['a captcha', answer(fixture('page-captcha.txt')), { kind: 'rate-limited', retryAfterMs: 180_000 }],
    [
      'a captcha with another status',
      answer(fixture('page-captcha.txt'), { status: 503 }),
      { kind: 'rate-limited', retryAfterMs: 180_000 },
    ],
    [
      'a proof of being human that a proxy asks for',
      answer(fixture('page-challenge.txt'), { status: 403 }),
      { kind: 'rate-limited', retryAfterMs: 180_000 },
    ],
    [
      'the same with another status',
      answer(fixture('page-challenge.txt'), { status: 503 }),
      { kind: 'rate-limited', retryAfterMs: 180_000 },
    ],
    [
      "a proxy's page about blocking us",
      answer(fixture('page-blocked.txt'), { status: 403 }),
      { kind: 'rate-limited', retryAfterMs: 180_000 },
    ],
    ['HTTP 429', answer('', { status: 429 }), { kind: 'rate-limited', retryAfterMs: 180_000 }],
    [
      'HTTP 429 that says how long',
      answer('', { status: 429, retryAfterMs: 7_000 }),
      { kind: 'rate-limited', retryAfterMs: 7_000 },
    ],
    ['HTTP 401', answer('', { status: 401 }), { kind: 'auth' }],
    ['HTTP 403 in words', answer('Forbidden', { status: 403 }), { kind: 'auth' }],
    [
      'HTTP 500',
      answer(fixture('page-runtime-error.txt'), { status: 500 }),
      { kind: 'unavailable', effectUnknown: true },
    ],
    ['HTTP 502', answer('', { status: 502 }), { kind: 'unavailable', effectUnknown: true }],
    [
      'HTTP 522',
      answer(fixture('page-522.txt'), { status: 522 }),
      { kind: 'unavailable', effectUnknown: true },
    ],
    [
      'HTTP 503 that says how long',
      answer('', { status: 503, retryAfterMs: 9_000 }),
      { kind: 'unavailable', effectUnknown: true, retryAfterMs: 9_000 },
    ],
    [
      'a missing parameter',
      answer(fixture('asmx-missing-parameter.txt'), { status: 500 }),
      { kind: 'invalid' },
    ],
    [
      'a parameter of another type',
      answer(fixture('asmx-cannot-convert.txt'), { status: 500 }),
      { kind: 'invalid' },
    ],
    ['an unknown method', answer(fixture('asmx-unknown-method.txt'), { status: 500 }), { kind: 'invalid' }],
    ['an unknown format', answer(fixture('asmx-unknown-format.txt'), { status: 500 }), { kind: 'invalid' }],
    [
      'a missing parameter of a JSON call',
      answer(fixture('asmx-json-missing-parameter.txt'), { status: 500 }),
      { kind: 'invalid' },
    ],
    [
      'a page instead of data',
      answer(fixture('page-moved.txt')),
      { kind: 'unexpected-body', effectUnknown: true },
    ],
    ['a redirect', answer('', { status: 302 }), { kind: 'unexpected-body' }],
    ['HTTP 404', answer(fixture('page-moved.txt'), { status: 404 }), { kind: 'unexpected-body' }],
  ])('%s', (_, given, expected) => {
    const { detail, ...facts } = errorOfAnswer(given, SECRETS)!.facts;

    expect(facts).toEqual({ remote: 'zzap', httpStatus: given.status, effectUnknown: false, ...expected });
    expect(detail).toMatch(new RegExp(`^HTTP ${given.status}:`));
  });

  it.each([
    ['XML', fixture('orders-xml.txt')],
    ['JSON', fixture('orders-plain.txt')],
    ['a captcha quoted inside data', '{"error":"","table":[{"comment":"<html> captcha"}]}'],
    ['nothing', ''],
  ])('is none when it may be data: %s', (_, text) => {
    expect(errorOfAnswer(answer(text), SECRETS)).toBeNull();
  });

  it('is quoted in one line, cut to size, without secrets and contacts', () => {
    const text = `Cannot convert pa ss&word\r\n for shop@example.test, +7 (900) 000-00-01 ${'x'.repeat(900)}`;

    const { detail } = errorOfAnswer(answer(text, { status: 500 }), SECRETS)!.facts;

    expect(detail.startsWith('HTTP 500: Cannot convert *** for ***, *** xxx')).toBe(true);
    expect(detail).toHaveLength(201);
  });

  it('is not quoted when it is a page', () => {
    const { detail } = errorOfAnswer(
      answer(fixture('page-runtime-error.txt'), { status: 500 }),
      SECRETS,
    )!.facts;

    expect(detail).toBe('HTTP 500: an HTML page instead of data');
  });

  it('does not show a part of a secret where the quotation is cut', () => {
    const key = 'zK9'.repeat(90);

    for (let shift = 0; shift < 270; shift += 7) {
      const text = `${'-'.repeat(shift)}${key} ${key} ${key}`;
      const { detail } = errorOfAnswer(answer(text, { status: 500 }), [key])!.facts;
      expect(detail).not.toContain('zK9');
    }
  });
});
