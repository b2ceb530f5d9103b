/** From this likeness on two names suggest that they mean the same. */
export const LIKENESS_MIN = 0.7;

/** The same name however it is written: case, ё and punctuation do not count. */
export function normalizeName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** «Подтверждён» and «Не подтверждён» differ in two letters and mean the opposite. */
const NEGATIONS: readonly string[] = ['не', 'нет', 'без', 'not', 'no', 'non', 'without'];

function isNegated(normalized: string): boolean {
  return normalized.split(' ').some((word) => NEGATIONS.includes(word));
}

/** Pairs of neighbouring letters with how often each occurs. */
function bigramsOf(text: string): Map<string, number> {
  const letters = Array.from(text);
  const bigrams = new Map<string, number>();
  for (let at = 0; at + 1 < letters.length; at += 1) {
    const bigram = `${letters[at] ?? ''}${letters[at + 1] ?? ''}`;
    bigrams.set(bigram, (bigrams.get(bigram) ?? 0) + 1);
  }
  return bigrams;
}

interface Sketch {
  readonly text: string;
  readonly bigrams: ReadonlyMap<string, number>;
  readonly size: number;
}

function sketchOf(name: string): Sketch {
  const text = normalizeName(name);
  const bigrams = bigramsOf(text);
  return { text, bigrams, size: [...bigrams.values()].reduce((sum, count) => sum + count, 0) };
}

function likenessOfSketches(a: Sketch, b: Sketch): number {
  if (a.text === '' || b.text === '') return 0;
  if (a.text === b.text) return 1;
  if (a.size === 0 || b.size === 0 || isNegated(a.text) !== isNegated(b.text)) return 0;
  let shared = 0;
  for (const [bigram, count] of a.bigrams) shared += Math.min(count, b.bigrams.get(bigram) ?? 0);
  return (2 * shared) / (a.size + b.size);
}

/** Sørensen–Dice coefficient over bigrams of the normalised names: 0 nothing in common, 1 the same. */
export function likenessOf(a: string, b: string): number {
  return likenessOfSketches(sketchOf(a), sketchOf(b));
}

interface Named {
  readonly name: string;
}

/** Pairs of like names, likest first, each name in one pair at most; of equally like ones the earlier. */
export function bestMatches<Left extends Named, Right extends Named>(
  lefts: readonly Left[],
  rights: readonly Right[],
): (readonly [Left, Right])[] {
  const sketched = rights.map((right) => ({ right, sketch: sketchOf(right.name) }));
  const candidates = lefts
    .flatMap((left) => {
      const sketch = sketchOf(left.name);
      return sketched.map(({ right, sketch: other }) => ({
        left,
        right,
        likeness: likenessOfSketches(sketch, other),
      }));
    })
    .filter(({ likeness }) => likeness >= LIKENESS_MIN)
    .sort((a, b) => b.likeness - a.likeness);
  const taken = new Set<Named>();
  return candidates.flatMap(({ left, right }) => {
    if (taken.has(left) || taken.has(right)) return [];
    taken.add(left).add(right);
    return [[left, right] as const];
  });
}
