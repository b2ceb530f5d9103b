import { openKms, openScheduler, openSqs } from '../../functions/aws/clients';
import { openDatabase } from '../../functions/storage/database';
import { startStubHttpServer } from '../support/stub-http-server';

const ACCESS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

const tableNames = { connections: 'c', mappings: 'm', cursors: 'u', orders: 'o', runs: 'r' };
const CLIENTS = [
  ['SQS', openSqs],
  ['KMS', openKms],
  ['Scheduler', openScheduler],
  ['DynamoDB', () => openDatabase({ tableNames }).client],
] as const;

/** The part of the SDK's handler that its types keep to themselves. */
interface NodeHandler {
  handle(request: object): Promise<unknown>;
  httpHandlerConfigs(): Readonly<Record<string, unknown>>;
}

beforeEach(() => {
  process.env['AWS_REGION'] = 'eu-central-1';
  for (const name of ACCESS) Reflect.deleteProperty(process.env, name);
});

describe.each(CLIENTS)('the client of %s', (_, open) => {
  it('takes its credentials from the variables that Lambda sets', async () => {
    for (const name of ACCESS) process.env[name] = name.toLowerCase();

    expect(await open().config.credentials()).toMatchObject({
      accessKeyId: 'aws_access_key_id',
      secretAccessKey: 'aws_secret_access_key',
      sessionToken: 'aws_session_token',
    });
  });

  it('looks for them nowhere else', async () => {
    await expect(open().config.credentials()).rejects.toThrow(
      'Unable to find environment variable credentials',
    );
  });

  it('waits a second for a connection and three for an answer, and means it', async () => {
    const requestHandler = open().config.requestHandler as unknown as NodeHandler;
    // The SDK settles its options with the first request.
    const stub = await startStubHttpServer((_request, response) => void response.destroy());
    await requestHandler
      .handle({ ...addressOf(stub.url), method: 'GET', path: '/', headers: {}, query: {} })
      .catch(() => undefined);
    await stub.close();

    expect(requestHandler.httpHandlerConfigs()).toMatchObject({
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      throwOnRequestTimeout: true,
    });
  });

  it('tries four times at most', async () => {
    expect(await open().config.maxAttempts()).toBe(4);
  });
});

function addressOf(url: string) {
  const { protocol, hostname, port } = new URL(url);
  return { protocol, hostname, port: Number(port) };
}
