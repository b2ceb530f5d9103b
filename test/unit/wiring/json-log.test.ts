import { createJsonLog, type LogLevel } from '../../../functions/wiring/json-log';
import type { LogFields } from '../../../functions/ports/log';

const NOON_MS = Date.UTC(2026, 10, 23, 12);

let lines: string[];
beforeEach(() => {
  lines = [];
  jest.spyOn(Date, 'now').mockReturnValue(NOON_MS);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const logOf = (level: LogLevel) => createJsonLog(level, (line) => lines.push(line));

it('writes one line of JSON per event, its fields between time and name', () => {
  logOf('info').info('sync.run.done', { connectionId: 'c-1', found: 2, full: false, site: null });

  expect(lines).toEqual([
    `{"level":"info","time":${NOON_MS},"connectionId":"c-1","found":2,"full":false,"site":null,"event":"sync.run.done"}\n`,
  ]);
});

it.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
  ['silent', []],
] as const)('at level %s writes %j', (level, written) => {
  const log = logOf(level);

  for (const own of ['debug', 'info', 'warn', 'error'] as const) log[own]('x', {});

  expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(written);
});

it('keeps a line a line, whatever stands in a field', () => {
  logOf('info').info('x', { text: 'a\nb\u2028"c" \ud800 Заказ', none: undefined, much: Number.NaN });

  expect(lines.join('')).toBe(
    `{"level":"info","time":${NOON_MS},"text":"a\\nb\u2028\\"c\\" \\ud800 Заказ","much":null,"event":"x"}\n`,
  );
});

it('leaves out what is no scalar instead of failing', () => {
  const cyclic: Record<string, unknown> = { password: 'geheim' };
  cyclic['self'] = cyclic;
  const fields = { cyclic, big: 1n, list: ['geheim'], kept: 1 } as unknown as LogFields;

  logOf('info').info('x', fields);

  expect(lines).toEqual([`{"level":"info","time":${NOON_MS},"kept":1,"event":"x"}\n`]);
});

it('tells of a cause its name, code and frames, not its message and not what hangs on it', () => {
  const cause = Object.assign(new TypeError('password geheim'), { code: 'ECONNRESET', config: 'geheim' });

  logOf('error').error('x', { connectionId: 'c-1' }, cause);

  const line = JSON.parse(lines.join('')) as Record<string, string>;
  expect(Object.keys(line)).toEqual(['level', 'time', 'connectionId', 'cause', 'code', 'stack', 'event']);
  expect(line).toMatchObject({ level: 'error', cause: 'TypeError', code: 'ECONNRESET' });
  expect(line['stack']).toMatch(/^\s+at /);
  expect(lines.join('')).not.toContain('geheim');
});

it('tells nothing of a cause that is no error', () => {
  logOf('error').error('x', {}, { password: 'geheim' });

  expect(lines).toEqual([`{"level":"error","time":${NOON_MS},"event":"x"}\n`]);
});
