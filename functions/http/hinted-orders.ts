/** The order that a hint names, as far as it can be told. For the log only. */
export interface HintedOrder {
  readonly crmOrderId?: string;
  readonly externalId?: string;
  readonly zzapOrderCode?: string;
}

type Field = readonly [name: string, value: unknown];

// Nine digits at most: a longer number may be the telephone of a buyer, typed into the wrong template.
const NUMBER = /^\d{1,9}$/;
const OUR_EXTERNAL_ID = /^zzap-\d{1,9}$/;
const TEXT_LENGTH_MAX = 100;

/**
 * Ids in a query and a body of any kind: a form, JSON, or junk. People paste names and templates with the
 * backticks of the instruction they copy from, and a whole order arrives as `{}`.
 */
export function readHintedOrder(query: URLSearchParams, body: string): HintedOrder {
  const fields = [...query, ...bodyFields(body)].map(([name, value]) => [bare(name), bare(value)] as const);
  const find = (names: readonly string[], pattern: RegExp) =>
    fields.find(([name, value]) => names.includes(name) && pattern.test(value))?.[1];
  const crmOrderId = find(['id', 'orderId', 'order_id'], NUMBER);
  const externalId = find(['externalId', 'external_id'], OUR_EXTERNAL_ID);
  const zzapOrderCode = find(['code_order'], NUMBER);
  return {
    ...(crmOrderId !== undefined && { crmOrderId }),
    ...(externalId !== undefined && { externalId }),
    ...(zzapOrderCode !== undefined && { zzapOrderCode }),
  };
}

/** By what the body looks like: a content type is what the sender believes. */
function bodyFields(body: string): Field[] {
  if (!body.trimStart().startsWith('{')) return [...new URLSearchParams(body.trim())];
  const fields = fieldsOf(parsed(body));
  return [...fields, ...fields.flatMap(([name, value]) => (bare(name) === 'order' ? fieldsOf(value) : []))];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Field[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function bare(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value.length > TEXT_LENGTH_MAX) return '';
  return value.replace(/^[`\s]+|[`\s]+$/g, '');
}
