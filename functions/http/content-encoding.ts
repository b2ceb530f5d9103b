export type Encoding = 'br' | 'gzip' | 'identity';

/** Smallest first, and how a file that is stored like that ends. */
export const ENCODING_ENDINGS: readonly (readonly [Encoding, string])[] = [
  ['br', '.br'],
  ['gzip', '.gz'],
  ['identity', ''],
];

/** The smallest encoding that the reader takes and that is there. */
export function acceptedEncoding(header: string | null, available: readonly Encoding[]): Encoding {
  const weights = weightsOf(header ?? '');
  const takes = ([encoding]: readonly [Encoding, string]) =>
    available.includes(encoding) && (weights.get(encoding) ?? weights.get('*') ?? 0) > 0;
  return ENCODING_ENDINGS.find(takes)?.[0] ?? 'identity';
}

function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const quality = parameters.map((text) => /^q=([\d.]+)$/.exec(text)?.[1]).find((q) => q !== undefined);
    weights.set(name, Number(quality ?? 1));
  }
  return weights;
}
