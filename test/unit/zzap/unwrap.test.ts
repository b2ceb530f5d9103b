import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { unwrap, UnreadableBody } from '../../../functions/zzap/unwrap';

const PROLOG = '<?xml version="1.0" encoding="utf-8"?>\r\n<string xmlns="http://www.zzap.ru/">';
const xml = (text: string): string => `${PROLOG}${text}</string>`;
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const fixture = (name: string): string => readFileSync(join(__dirname, '../../fixtures/zzap', name), 'utf8');

describe('an answer of the old web service', () => {
  it.each([
    ['an XML string element', xml('{"error":"","row_count":0,"table":[]}')],
    [
      'an XML string element with line feeds only',
      xml('{"error":"","row_count":0,"table":[]}').replace('\r', ''),
    ],
    ['an XML string element without a prolog', '<string>{"error":"","row_count":0,"table":[]}</string>'],
    [
      'a prefixed XML string element',
      '<z:string xmlns:z="urn:z">{"error":"","row_count":0,"table":[]}</z:string>',
    ],
    ['CDATA', xml('<![CDATA[{"error":"","row_count":0,"table":[]}]]>')],
    ['text and CDATA', xml('{"error":"",<![CDATA["row_count":0,"table":[]}]]>')],
    ['a comment inside', xml('<!-- 1 -->{"error":"","row_count":0,<!-- 2 -->"table":[]}')],
    ['a byte order mark', `\ufeff${xml('{"error":"","row_count":0,"table":[]}')}`],
    ['blank lines around', `\r\n\r\n${xml('{"error":"","row_count":0,"table":[]}')}\r\n`],
    ['the JSON web service wrapper', '{"d":"{\\"error\\":\\"\\",\\"row_count\\":0,\\"table\\":[]}"}'],
    ['bare JSON', '{"error":"","row_count":0,"table":[]}'],
    ['bare JSON after a byte order mark', '\ufeff{"error":"","row_count":0,"table":[]}'],
    ['JSON spread over lines', xml('{\r\n  "error": "",\r\n  "row_count": 0,\r\n  "table": []\r\n}')],
  ])('is read from %s', (_, body) => {
    expect(unwrap(body)).toEqual({ error: '', row_count: 0, table: [] });
  });

  it.each([
    [
      'named entities',
      xml('{"name":"&quot;"}').replace('&quot;', 'A &amp; B &lt;C&gt; &apos;D&apos;'),
      "A & B <C> 'D'",
    ],
    ['numbered entities', xml('{"name":"&#1058;&#x435;&#1089;&#1090;"}'), 'Тест'],
    ['an entity that was escaped twice, decoded once', xml('{"name":"&amp;amp;"}'), '&amp;'],
    ['a numbered emoji', xml('{"name":"&#x1F697;"}'), '🚗'],
    ['an escaped emoji', xml('{"name":"\\ud83d\\ude97"}'), '🚗'],
    ['Cyrillic and emoji as they are', xml('{"name":"Мария 🚗"}'), 'Мария 🚗'],
    ['an escaped quote', xml('{"name":"ООО \\"Рога\\""}'), 'ООО "Рога"'],
  ])('is decoded: %s', (_, body, name) => {
    expect(unwrap(body)).toEqual({ name });
  });

  it('is told from an answer that only has a field d among others', () => {
    expect(unwrap('{"d":"1","error":""}')).toEqual({ d: '1', error: '' });
  });

  it('comes out as it went in, whatever the texts hold', () => {
    const table = fc.array(
      fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean())),
    );
    fc.assert(
      fc.property(table, (rows) => {
        // JSON escapes what XML cannot hold, except for these two.
        const json = JSON.stringify({ error: '', table: rows }).replace(/[\ufffe\uffff]/g, '');
        const answer: unknown = JSON.parse(json);

        const read = [xml(escaped(json)), JSON.stringify({ d: json }), json].map(unwrap);

        expect(read).toEqual([answer, answer, answer]);
      }),
    );
  });

  it('is not torn where the reader cuts it into pieces, emoji and entities least of all', () => {
    for (const shift of [0, 1, 2, 3, 4]) {
      const name = `${'x'.repeat(262_130 - PROLOG.length - shift)}${'🚗&'.repeat(20)}`;

      expect(unwrap(xml(escaped(JSON.stringify({ name }))))).toEqual({ name });
    }
  });

  it('is read in seconds at the largest size the client takes', () => {
    const row =
      '{"code_order":512000101,"class_cat":"Фильтр &lt;масляный&gt; &amp; прокладка","client_name":"🚗"},';
    const rows = Math.floor((31 * 1024 * 1024) / row.length);
    const body = xml(`{"error":"","table":[${row.repeat(rows)}{}]}`);

    const startedAt = performance.now();
    const read = unwrap(body) as { table: unknown[] };

    expect(read.table).toHaveLength(rows + 1);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});

describe('a body that is no answer', () => {
  const LOLS = Array.from({ length: 9 }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n};`.repeat(10)}">`).join(
    '',
  );

  it.each([
    ['nothing', '', 'empty body'],
    ['blanks', ' \r\n\ufeff ', 'empty body'],
    ['a text', 'Service Unavailable', 'not JSON'],
    ['JSON that breaks off', '{"error":"","table":[{"code', 'not JSON'],
    ['JSON in XML that breaks off', xml('{"error":"","table":[{"code'), 'not JSON'],
    ['an empty element', xml(''), 'not JSON'],
    ['an element closed at once', '<string xmlns="http://www.zzap.ru/" />', 'not JSON'],
    ['JSON in the d wrapper that breaks off', '{"d":"{\\"error\\":"}', 'not JSON'],
    ['an empty d wrapper', '{"d":""}', 'not JSON'],
    ['an element that is not closed', `${PROLOG}{"error":""}`, 'not well-formed XML'],
    ['a prolog alone', '<?xml version="1.0" encoding="utf-8"?>', 'not well-formed XML'],
    ['an element closed by another', `${PROLOG}{}</strings>`, 'not well-formed XML'],
    ['two roots', `${xml('{}')}<string>{}</string>`, 'not well-formed XML'],
    ['text after the root', `${xml('{}')}{"error":""}`, 'not well-formed XML'],
    ['an ampersand that was not escaped', xml('{"name":"Рога & Копыта"}'), 'not well-formed XML'],
    ['an unknown entity', xml('{"name":"&nbsp;"}'), 'not well-formed XML'],
    ['another root', '<ArrayOfString><string>{"error":""}</string></ArrayOfString>', 'unexpected element'],
    ['an element inside', xml('<b>{"error":""}</b>'), 'unexpected element'],
    ['a page', '<!DOCTYPE html><html><body>{"error":""}</body></html>', 'unexpected element'],
    [
      'an entity bomb',
      `<!DOCTYPE string [<!ENTITY lol0 "lol">${LOLS}]><string>{"name":"&lol9;"}</string>`,
      'not well-formed XML',
    ],
    [
      'an entity that names a file',
      '<!DOCTYPE string [<!ENTITY file SYSTEM "file:///etc/hostname">]><string>{"name":"&file;"}</string>',
      'not well-formed XML',
    ],
  ])('is refused: %s', (_, body, problem) => {
    expect(() => unwrap(body)).toThrow(new UnreadableBody(problem));
  });

  it('is refused within a moment, however deep or long it is', () => {
    const startedAt = performance.now();

    expect(() => unwrap('<a>'.repeat(3_000_000))).toThrow(UnreadableBody);
    expect(() => unwrap(`<string>${'<a>'.repeat(3_000_000)}`)).toThrow(UnreadableBody);
    expect(() => unwrap(`<string ${'a="1" '.repeat(50_000)}>`)).toThrow(UnreadableBody);
    expect(() => unwrap('<'.repeat(10_000_000))).toThrow(UnreadableBody);
    expect(() => unwrap(`{"table":${'['.repeat(5_000_000)}`)).toThrow(UnreadableBody);

    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });

  it('is refused at every place where an answer may be cut', () => {
    const whole = fixture('orders-xml.txt').trimEnd();

    for (let length = 0; length < whole.length; length += 1) {
      expect(() => unwrap(whole.slice(0, length))).toThrow(UnreadableBody);
    }
  });

  it('never shows what it held', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const body of [text, xml(text), JSON.stringify({ d: text })]) {
          expect(problemOf(body)).toMatch(
            /^(none|empty body|not JSON|not well-formed XML|unexpected element)$/,
          );
        }
      }),
    );
  });
});

function problemOf(body: string): string {
  try {
    unwrap(body);
    return 'none';
  } catch (error) {
    return error instanceof UnreadableBody ? error.message : 'another error';
  }
}
