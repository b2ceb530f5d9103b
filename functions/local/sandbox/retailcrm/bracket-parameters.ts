/** A PHP array: nested maps of text, whatever the keys look like. */
export interface Parameters {
  readonly [name: string]: string | Parameters;
}

interface MutableParameters {
  [name: string]: string | MutableParameters;
}

/** `filter[ids][]` → ['filter', 'ids', '']. Depth is bounded, as in PHP (`max_input_nesting_level` is 64). */
const DEPTH_MAX = 8;

function keysOf(name: string): string[] {
  const open = name.indexOf('[');
  if (open <= 0) return [name];
  const keys = [name.slice(0, open)];
  for (const match of name.slice(open).matchAll(/\[([^\]]*)\]/g)) keys.push(match[1] ?? '');
  return keys.slice(0, DEPTH_MAX);
}

/** `[]` takes the next free number, as in PHP. */
function nextIndex(target: MutableParameters): string {
  const taken = Object.keys(target).filter((key) => /^\d+$/.test(key));
  return String(taken.reduce((next, key) => Math.max(next, Number(key) + 1), 0));
}

function put(target: MutableParameters, keys: readonly string[], value: string): void {
  const [head = '', ...rest] = keys;
  const key = head === '' ? nextIndex(target) : head;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const existing = target[key];
  const child: MutableParameters = typeof existing === 'object' ? existing : emptyParameters();
  target[key] = child;
  put(child, rest, value);
}

const emptyParameters = (): MutableParameters => Object.create(null) as MutableParameters;

/** Names and values with PHP's brackets, `[]` and `[n]` alike, as nested maps. */
export function parseBrackets(pairs: Iterable<readonly [string, string]>): Parameters {
  const root = emptyParameters();
  for (const [name, value] of pairs) put(root, keysOf(name), value);
  return root;
}

/** The values of a list given as `name[]=a&name[]=b`, `name[0]=a` or a single `name=a`. */
export function listOf(value: string | Parameters | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Object.values(value).filter((entry) => typeof entry === 'string');
}

export function textOf(value: string | Parameters | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function mapOf(value: string | Parameters | undefined): Parameters {
  return typeof value === 'object' ? value : {};
}
