import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { RequestBudget } from '../ports/request-budget';
import type { Database } from './database';
import { SCHEMA_VERSION, StoredDocumentError } from './stored-document';

const stateSchema = z.object({ nextAtMs: z.number() });

/**
 * Each reservation moves one number forward: either by one spacing, when it lies ahead, or to one spacing after
 * now. One write in both cases, two when the first guess is wrong.
 */
export function createRequestBudget(db: Database): RequestBudget {
  async function move(
    budgetKey: string,
    update: { expression: string; condition: string; values: Record<string, number> },
  ): Promise<number | null> {
    try {
      const { Attributes } = await db.client.send(
        new UpdateCommand({
          TableName: db.tables.cursors,
          Key: { connectionId: `budget#${budgetKey}` },
          UpdateExpression: `${update.expression}, schemaVersion = :schema`,
          ConditionExpression: update.condition,
          ExpressionAttributeValues: { ...update.values, ':schema': SCHEMA_VERSION },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return stateSchema.parse(Attributes).nextAtMs;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null;
      throw error;
    }
  }

  return {
    async reserve({ budgetKey, nowMs, spacingMs }) {
      const restarted = await move(budgetKey, {
        expression: 'SET nextAtMs = :next',
        condition: 'attribute_not_exists(nextAtMs) OR nextAtMs <= :now',
        values: { ':next': nowMs + spacingMs, ':now': nowMs },
      });
      if (restarted !== null) return restarted - spacingMs;
      const queued = await move(budgetKey, {
        expression: 'SET nextAtMs = nextAtMs + :spacing',
        condition: 'nextAtMs > :now',
        values: { ':spacing': spacingMs, ':now': nowMs },
      });
      if (queued !== null) return queued - spacingMs;
      // The number only grows, so one of the two conditions holds of every number.
      throw new StoredDocumentError(`cursors budget#${budgetKey}: field nextAtMs is unreadable`);
    },
  };
}
