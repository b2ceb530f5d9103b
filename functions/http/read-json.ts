import { HttpProblem } from './problem';

/** Longest body the API takes. The largest real one, a full mapping, has a few kilobytes. */
export const BODY_BYTES_MAX = 256 * 1024;

/** The request's JSON. */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new HttpProblem({ status: 415, title: 'request-refused', code: 'wrong-media-type' });
  }
  const text = await readText(request, BODY_BYTES_MAX);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new HttpProblem({ status: 400, title: 'request-refused', code: 'malformed-json' });
  }
}

/** The body as text. Counts what really arrives: a length may be absent or wrong. */
export async function readText(request: Request, bytesMax: number): Promise<string> {
  const tooLarge = new HttpProblem({ status: 413, title: 'request-refused', code: 'body-too-large' });
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge;
  if (!request.body) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  // Node's stream can be iterated; the type of the web's global Request does not know.
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw tooLarge;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
