/** What PHP's json_encode does to maps: an empty one comes out as `[]`. */
export function phpMap(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | never[] {
  return Object.keys(fields).length === 0 ? [] : fields;
}

/** Absent means unset in RetailCRM's answers: keys without a value are left out. */
export function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null) kept[name] = value;
  }
  return kept;
}
