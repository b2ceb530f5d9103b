/** Path of the field → what is wrong with it. */
export type Problems = Readonly<Record<string, string>>;

/** An answer other than success, thrown by whatever finds the reason and rendered in one place. */
export class Refusal extends Error {
  readonly status: number;
  readonly problems: Problems | undefined;

  constructor(status: number, errorMsg: string, problems?: Problems) {
    super(errorMsg);
    this.name = 'Refusal';
    this.status = status;
    this.problems = problems;
  }
}

/* Constants that official clients recognise by their text. */
export const noKey = (): Refusal => new Refusal(403, '"apiKey" is missing.');
export const wrongKey = (): Refusal => new Refusal(403, 'Wrong "apiKey" value.');
export const accessDenied = (): Refusal => new Refusal(403, 'Access denied.');
export const notFound = (): Refusal => new Refusal(404, 'Not found');
export const unknownMethod = (): Refusal => new Refusal(404, 'API method not found');
export const methodNotAllowed = (): Refusal => new Refusal(405, 'Method Not Allowed');
export const missing = (name: string): Refusal => new Refusal(400, `Parameter '${name}' is missing`);
export const badEntity = (problems: Problems): Refusal =>
  new Refusal(400, 'Errors in the entity format', problems);
export const badPagination = (problems: Problems): Refusal =>
  new Refusal(400, 'Errors in the pagination parameters', problems);
