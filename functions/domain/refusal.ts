/** One field of a request that was refused, with a code the reader's text is chosen by. */
export interface RefusedField {
  readonly path: string;
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export type RefusalKind = 'invalid' | 'not-found' | 'conflict' | 'remote';

/** A request that a use case turns down with a reason a person can act on. Nothing has been changed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: RefusalKind;
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly fields: readonly RefusedField[];

  constructor(
    kind: RefusalKind,
    code: string,
    details: {
      readonly params?: Readonly<Record<string, string | number>>;
      readonly fields?: readonly RefusedField[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(code, { cause: details.cause });
    this.kind = kind;
    this.code = code;
    this.params = details.params ?? {};
    this.fields = details.fields ?? [];
  }
}

export type RefusalFacts = Error & Pick<Refusal, 'kind' | 'code' | 'params' | 'fields'>;

export function asRefusal(error: unknown): RefusalFacts | null {
  return error instanceof Error && error.name === 'Refusal' ? (error as RefusalFacts) : null;
}
