import type { Settings } from './assumptions';

/** How the parameters came in; ASMX chooses the shape of its answer by it. */
export type RequestForm = 'get' | 'form' | 'json';

export interface WrappedBody {
  contentType: string;
  text: string;
}

const XML = 'text/xml; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** A public client strips exactly 76 bytes before and 9 after the JSON: the line feed pair and the namespace are literal. */
const openTag = (element: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\r\n<${element} xmlns="http://www.zzap.ru/">`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeText = (text: string): string => text.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign);

export function wrap(json: string, form: RequestForm, wrapping: Settings['wrapping']): WrappedBody {
  if (wrapping === 'plain') return { contentType: JSON_TYPE, text: json };
  if (form === 'json') return { contentType: JSON_TYPE, text: JSON.stringify({ d: json }) };
  return { contentType: XML, text: `${openTag('string')}${escapeText(json)}</string>` };
}

/** A well-formed document that is not the one a client expects. */
export function wrapInWrongRoot(json: string, form: RequestForm): WrappedBody {
  if (form === 'json') return { contentType: JSON_TYPE, text: JSON.stringify([json]) };
  const element = 'ArrayOfString';
  return { contentType: XML, text: `${openTag(element)}<string>${escapeText(json)}</string></${element}>` };
}
