import * as z from 'zod';
import { ServiceError } from './service-error';

/** `rate(1 minute)` in the singular, `rate(5 minutes)` in the plural: Scheduler refuses the other way round. */
const RATE = /^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/;
const AT = /^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/;

const arn = z.string().regex(/^arn:aws:[a-z]+:[^:]*:\d{12}:.+$/);

const expression = z
  .string()
  .refine((text) => RATE.test(text) || AT.test(text), 'Invalid Schedule Expression');

const flexibleTimeWindow = z.discriminatedUnion('Mode', [
  z.strictObject({ Mode: z.literal('OFF') }),
  z.strictObject({ Mode: z.literal('FLEXIBLE'), MaximumWindowInMinutes: z.int().min(1).max(1_440) }),
]);

const target = z
  .strictObject({
    Arn: arn,
    RoleArn: arn,
    Input: z.string().min(1).optional(),
    SqsParameters: z.strictObject({ MessageGroupId: z.string().regex(/^[!-~]{1,128}$/) }).optional(),
    RetryPolicy: z
      .strictObject({
        MaximumEventAgeInSeconds: z.int().min(60).max(86_400),
        MaximumRetryAttempts: z.int().min(0).max(185),
      })
      .default({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }),
    DeadLetterConfig: z.strictObject({ Arn: arn.refine((text) => !text.endsWith('.fifo')) }).optional(),
  })
  .refine(
    ({ Arn, SqsParameters }) => Arn.endsWith('.fifo') === (SqsParameters !== undefined),
    'A FIFO queue, and no other target, needs a message group',
  );

const schedule = z.strictObject({
  ScheduleExpression: expression,
  ScheduleExpressionTimezone: z.literal('UTC').default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: flexibleTimeWindow,
  Target: target,
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  GroupName: z.string().default('default'),
  ClientToken: z.string().min(1).max(64),
});
export type ScheduleInput = z.infer<typeof schedule>;

/** The body of a creation or a change, with Scheduler's defaults; refused as Scheduler would. */
export function readScheduleInput(body: unknown): ScheduleInput {
  const { data, error } = schedule.safeParse(body);
  if (data) return data;
  throw new ServiceError('ValidationException', z.prettifyError(error));
}

export function checkName(name: string): void {
  if (!/^[0-9a-zA-Z\-_.]{1,64}$/.test(name)) {
    throw new ServiceError('ValidationException', `${JSON.stringify(name)} is no name.`);
  }
}
