import * as z from 'zod';

/** PHP writes an empty map as `[]`: to us it is an object without its optional fields. */
export function phpObject<Shape extends z.ZodObject>(shape: Shape): z.ZodType<z.output<Shape>> {
  return z.preprocess((input) => (Array.isArray(input) && input.length === 0 ? {} : input), shape);
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
