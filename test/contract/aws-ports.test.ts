import { startAwsEmulator, type AwsEmulator } from '../support/aws/emulator';
import { describeAwsPorts } from './ports/aws.suite';

let emulator: AwsEmulator;
beforeAll(async () => {
  emulator = await startAwsEmulator({ nowMs: () => Date.now() });
  Object.assign(process.env, emulator.environment);
});
afterAll(() => emulator.close());

describeAwsPorts('emulated');
