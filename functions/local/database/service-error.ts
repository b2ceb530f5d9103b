import { types } from 'node:util';

/** An answer of the DynamoDB protocol that says "no": `__type` is what the SDK turns into the error's name. */
export interface ErrorBody {
  readonly __type: string;
  readonly message?: string;
  readonly [detail: string]: unknown;
}

/** A refusal the client is told about, as opposed to a fault of the engine. */
export class ServiceError extends Error {
  readonly statusCode = 400;
  readonly body: ErrorBody;

  constructor(type: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.body = { __type: type, message, ...details };
  }
}

export function validationError(message: string): ServiceError {
  return new ServiceError('com.amazon.coral.validate#ValidationException', message);
}

export function serializationError(message: string): ServiceError {
  return new ServiceError('com.amazon.coral.service#SerializationException', message);
}

export function resourceError(kind: 'NotFound' | 'InUse', message: string): ServiceError {
  return new ServiceError(`com.amazonaws.dynamodb.v20120810#Resource${kind}Exception`, message);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The refusal inside a thrown value: ours, or dynalite's, which throws plain errors of the same shape. */
export function refusalOf(error: unknown): { statusCode: number; body: ErrorBody } | undefined {
  if (!types.isNativeError(error) || !('statusCode' in error) || !('body' in error)) return undefined;
  const { statusCode, body } = error;
  if (typeof statusCode !== 'number' || !isErrorBody(body)) return undefined;
  return { statusCode, body };
}

export function isConditionFailure(error: unknown): boolean {
  return refusalOf(error)?.body.__type.endsWith('#ConditionalCheckFailedException') ?? false;
}

export function isValidationFailure(error: unknown): boolean {
  return refusalOf(error)?.body.__type.endsWith('#ValidationException') ?? false;
}

function isErrorBody(body: unknown): body is ErrorBody {
  return isRecord(body) && typeof body['__type'] === 'string';
}
