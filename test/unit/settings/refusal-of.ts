import { asRefusal, type RefusalFacts } from '../../../functions/domain/refusal';

/** The refusal that ends `work`. Anything else, success included, fails the test. */
export async function refusalIn(work: Promise<unknown>): Promise<RefusalFacts> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  const refusal = asRefusal(error);
  if (!refusal) throw error instanceof Error ? error : new Error(String(error));
  return refusal;
}

/** What a refusal says, in the shape tests compare. */
export async function refusedFields(work: Promise<unknown>) {
  const { kind, code, fields } = await refusalIn(work);
  return { kind, code, fields: fields.map((field) => `${field.path}: ${field.code}`) };
}
