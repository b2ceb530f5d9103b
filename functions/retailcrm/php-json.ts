import * as z from 'zod';

/** PHP writes an empty map as `[]`, and a map whose keys are 0..n-1 as a list: both are maps to us. */
export function phpMap<Value extends z.ZodType>(value: Value): z.ZodType<Record<string, z.output<Value>>> {
  return z.preprocess(
    (input) =>
      Array.isArray(input) ? Object.fromEntries(input.map((item, index) => [String(index), item])) : input,
    z.record(z.string(), value),
  );
}

/** A map's or a list's values, in the order they came. */
export function phpValues<Value extends z.ZodType>(value: Value): z.ZodType<z.output<Value>[]> {
  return z.preprocess((input) => {
    if (Array.isArray(input)) return input as unknown[];
    return typeof input === 'object' && input !== null ? Object.values(input) : input;
  }, z.array(value));
}

/** Optional text; null, absent and empty are all absent. */
export const optionalText = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value)));

/** A dictionary code may look like a number in JSON. */
export const codeText = z.union([z.string(), z.number()]).transform(String);
