/** Makes a thing when it is first wanted. What throws is tried again: the next caller shall hear the reason, too. */
export function once<Thing>(make: () => Thing): () => Thing {
  let made: { readonly thing: Thing } | null = null;
  return () => (made ??= { thing: make() }).thing;
}
