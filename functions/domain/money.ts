/** Whole kopecks. Money is never held as a fraction inside the module. */
export type Kopecks = number;

const DECIMAL = /^(-?)(\d{1,12})(?:[.,](\d+))?$/;

/**
 * Reads a rouble amount as remote systems write it: a number, or a text with a dot or a comma and spaces
 * between thousands. More than two decimals are rounded half up; anything else is not money and gives null.
 */
export function parseRoubles(value: number | string): Kopecks | null {
  const text = typeof value === 'number' ? plainDecimal(value) : value.replace(/[\s\u00a0\u202f]/g, '');
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign, whole = '0', fraction = ''] = match;
  const thousandths = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const kopecks = Number(whole) * 100 + Math.round(thousandths / 10);
  return sign === '-' && kopecks !== 0 ? -kopecks : kopecks;
}

/** Float noise such as 60.17310053999999 or 0.1 + 0.2 ends well below a kopeck. */
function plainDecimal(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1e12 ? value.toFixed(4) : '';
}

/** Roubles as a JSON number with at most two decimals, which is how RetailCRM takes money. */
export function toRoubles(kopecks: Kopecks): number {
  return kopecks / 100;
}
