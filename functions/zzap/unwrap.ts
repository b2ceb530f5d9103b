import { SaxesParser } from 'saxes';

/** Why a body is not what the service sends. The message names the place, never the content. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
}

/**
 * The JSON of an answer of the old web service, whichever way it is wrapped: an XML document whose only element
 * `<string>` holds it as text, `{"d": "<json>"}`, or bare. Throws UnreadableBody.
 */
export function unwrap(body: string): unknown {
  const text = body.replace(/^\ufeff/, '').trimStart();
  if (text === '') throw new UnreadableBody('empty body');
  const outer = parseJson(text.startsWith('<') ? textOfStringElement(text) : text);
  return isOnlyD(outer) ? parseJson(outer.d) : outer;
}

function isOnlyD(value: unknown): value is { d: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    typeof (value as { d?: unknown }).d === 'string'
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnreadableBody('not JSON');
  }
}

/** A streaming parser that knows only the five predefined entities: an entity bomb is a syntax error to it. */
function textOfStringElement(xml: string): string {
  const parser = new SaxesParser();
  const chunks: string[] = [];
  let depth = 0;
  const failures: string[] = [];
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > 1 || tag.name.split(':').pop() !== 'string') failures.push('unexpected element');
  });
  parser.on('closetag', () => {
    depth -= 1;
  });
  parser.on('text', (text) => {
    if (depth === 1) chunks.push(text);
  });
  parser.on('cdata', (text) => chunks.push(text));
  parser.on('error', () => {
    failures.push('not well-formed XML');
  });
  for (let at = 0; at < xml.length && failures.length === 0; at += CHUNK_LENGTH) {
    parser.write(xml.slice(at, at + CHUNK_LENGTH));
  }
  if (failures.length === 0) parser.close();
  const [failure] = failures;
  if (failure !== undefined) throw new UnreadableBody(failure);
  return chunks.join('');
}

/** Long enough for speed; a body that is no XML at all is given up after the first piece. */
const CHUNK_LENGTH = 1 << 18;
