import type { IncomingMessage } from 'node:http';
import { REGION } from './account';
import { ServiceError } from './service-error';

const SIGNED = new RegExp(
  '^AWS4-HMAC-SHA256 Credential=[^/]+/\\d{8}/([^/]+)/([^/]+)/aws4_request, ' +
    'SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}$',
);

/** Refuses a request that is not signed, or signed for another service or region, as AWS would. */
export function checkSignature({ headers }: IncomingMessage, service: string): void {
  const authorization = headers.authorization;
  if (authorization === undefined) {
    throw new ServiceError('MissingAuthenticationTokenException', 'The request is not signed.', 403);
  }
  const [, region, signedFor, names = ''] = SIGNED.exec(authorization) ?? [];
  const isWhole = ['host', 'x-amz-date'].every((name) => names.split(';').includes(name));
  if (region !== REGION || signedFor !== service || !isWhole || headers['x-amz-date'] === undefined) {
    throw new ServiceError('InvalidSignatureException', `The request is not signed for ${service}.`, 403);
  }
}
