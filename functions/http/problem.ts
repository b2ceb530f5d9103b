import type * as z from 'zod';
import { asRefusal, type RefusalFacts, type RefusedField } from '../domain/refusal';
import type { Language } from './language';
import { textOf } from './texts';

export interface ProblemFacts {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly fields?: readonly RefusedField[];
}

/** A request that the HTTP layer itself turns down. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly facts: ProblemFacts;

  constructor(facts: ProblemFacts) {
    super(facts.code);
    this.facts = facts;
  }
}

const STATUS_OF_KIND: Readonly<Record<RefusalFacts['kind'], readonly [number, string]>> = {
  invalid: [422, 'request-refused'],
  'not-found': [404, 'not-found'],
  conflict: [409, 'conflict'],
  remote: [502, 'remote-problem'],
};

/** What to answer to an error; null for one that nobody expected. */
export function problemOf(error: unknown): ProblemFacts | null {
  if (error instanceof HttpProblem) return error.facts;
  const refusal = asRefusal(error);
  if (!refusal) return null;
  const [status, title] = STATUS_OF_KIND[refusal.kind];
  return { status, title, code: refusal.code, params: refusal.params, fields: refusal.fields };
}

export const INTERNAL_PROBLEM: ProblemFacts = { status: 500, title: 'internal', code: 'internal-error' };

/** RFC 9457 problem details in the reader's language. */
export function problemResponse(facts: ProblemFacts, language: Language): Response {
  const errors = (facts.fields ?? []).map(({ path, code, params }) => ({
    path,
    code,
    detail: textOf(code, language, params),
  }));
  const body = {
    type: 'about:blank',
    title: textOf(facts.title, language),
    status: facts.status,
    detail: textOf(facts.code, language, facts.params),
    code: facts.code,
    ...(errors.length > 0 && { errors }),
  };
  return new Response(JSON.stringify(body), {
    status: facts.status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'content-language': language },
  });
}

/** A request that does not fit its schema, each field with its own reason. */
export function invalidRequest(issues: readonly z.core.$ZodIssue[]): HttpProblem {
  const fields = issues.flatMap((issue) => fieldsOf(issue));
  return new HttpProblem({ status: 422, title: 'request-refused', code: 'body-invalid', fields });
}

function fieldsOf(issue: z.core.$ZodIssue): RefusedField[] {
  const path = issue.path.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, code: 'unknown-field' }));
    case 'invalid_type':
      return [{ path, code: issue.input === undefined ? 'required' : 'wrong-type' }];
    case 'too_small':
      return [{ path, code: issue.origin === 'string' ? 'required' : 'not-allowed' }];
    case 'too_big':
      return [{ path, code: issue.origin === 'string' ? 'too-long' : 'not-allowed' }];
    case 'custom':
      return [{ path, code: issue.message }];
    default:
      return [{ path, code: 'not-allowed' }];
  }
}
