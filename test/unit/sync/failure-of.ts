/** A part of a port that the code under test has no business with. */
export function failureOf(name: string): () => never {
  return () => {
    throw new Error(`nobody should call ${name}`);
  };
}
