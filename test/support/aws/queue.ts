import { createHash, randomUUID } from 'node:crypto';
import { ServiceError } from './service-error';

export interface QueueSettings {
  readonly name: string;
  readonly fifo: boolean;
  /** A message sent without an id is known by its body. */
  readonly contentBasedDeduplication: boolean;
  /** Within the message group, as a queue of high throughput does it, or within the whole queue. */
  readonly deduplicationScope: 'messageGroup' | 'queue';
  readonly visibilityMs: number;
  /** Where a message goes that was received that often and is received once more. */
  readonly redrive: { readonly to: Queue; readonly maxReceiveCount: number } | null;
}

export interface SentMessage {
  readonly body: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
}

export interface StoredMessage extends SentMessage {
  readonly messageId: string;
  readonly sequenceNumber: string;
  readonly sentAtMs: number;
  readonly receiveCount: number;
  /** Nobody is given it before that time. */
  readonly hiddenUntilMs: number;
}

export interface ReceivedMessage extends StoredMessage {
  readonly receiptHandle: string;
}

export interface Queue {
  readonly settings: QueueSettings;
  /** Returns the first one's ids for a repeat. */
  send(message: SentMessage): Pick<StoredMessage, 'messageId' | 'sequenceNumber'>;
  /** Those that may be handled now, oldest first: none of a group of which one is under way. */
  receive(max: number, visibilityMs?: number): readonly ReceivedMessage[];
  delete(receiptHandle: string): void;
  /** From now on it is hidden that long: 0 gives it back at once. */
  changeVisibility(receiptHandle: string, visibilityMs: number): void;
  /** All that is stored, under way or not, oldest first. */
  messages(): readonly StoredMessage[];
}

const DEDUPLICATION_MS = 5 * 60_000;
/** 1 MiB. */
const BODY_BYTES_MAX = 1_048_576;
const ID = /^[!-~]{1,128}$/;

interface Entry extends StoredMessage {
  receiveCount: number;
  hiddenUntilMs: number;
  receiptHandle: string | null;
}

/** A queue as SQS keeps it, FIFO or not; a plain one is in order here as well. */
export function createQueue(settings: QueueSettings, nowMs: () => number): Queue {
  let entries: Entry[] = [];
  const seen = new Map<string, Pick<StoredMessage, 'messageId' | 'sequenceNumber'> & { atMs: number }>();
  let sequence = 0;

  function byHandle(receiptHandle: string): Entry | undefined {
    if (!/^[0-9a-f-]{36}$/.test(receiptHandle)) {
      throw new ServiceError('ReceiptHandleIsInvalid', 'The receipt handle is not valid.');
    }
    return entries.find((entry) => entry.receiptHandle === receiptHandle);
  }

  /** Null where the queue deduplicates nothing. */
  function dedupKey({ body, groupId = '', deduplicationId }: SentMessage): string | null {
    if (!settings.fifo) return null;
    const id = deduplicationId ?? (settings.contentBasedDeduplication ? sha256(body) : null);
    if (id === null) throw new ServiceError('InvalidParameterValue', 'MessageDeduplicationId is missing.');
    return settings.deduplicationScope === 'messageGroup' ? `${groupId} ${id}` : id;
  }

  /** True when it has gone to the dead letters. */
  function isGivenUp(entry: Entry): boolean {
    const { redrive } = settings;
    if (!redrive || entry.receiveCount < redrive.maxReceiveCount) return false;
    entries = entries.filter((other) => other !== entry);
    const { body, groupId, deduplicationId, messageId } = entry;
    redrive.to.send({ body, groupId, deduplicationId: deduplicationId ?? messageId });
    return true;
  }

  return {
    settings,
    send(message) {
      check(message, settings);
      const key = dedupKey(message);
      const first = key === null ? undefined : seen.get(key);
      if (first && nowMs() - first.atMs < DEDUPLICATION_MS) return first;
      sequence += 1;
      const ids = { messageId: randomUUID(), sequenceNumber: String(sequence).padStart(20, '0') };
      const fate = { receiveCount: 0, hiddenUntilMs: 0, receiptHandle: null };
      entries.push({ ...message, ...ids, ...fate, sentAtMs: nowMs() });
      if (key !== null) seen.set(key, { ...ids, atMs: nowMs() });
      return ids;
    },
    receive(max, visibilityMs = settings.visibilityMs) {
      const now = nowMs();
      const busy = new Set(
        entries.filter(({ hiddenUntilMs }) => hiddenUntilMs > now).map(({ groupId }) => groupId),
      );
      const given: ReceivedMessage[] = [];
      for (const entry of [...entries]) {
        if (given.length === max) break;
        if (entry.hiddenUntilMs > now || (settings.fifo && busy.has(entry.groupId))) continue;
        if (isGivenUp(entry)) continue;
        const receiptHandle = randomUUID();
        entry.receiveCount += 1;
        entry.hiddenUntilMs = now + visibilityMs;
        entry.receiptHandle = receiptHandle;
        given.push({ ...entry, receiptHandle });
      }
      return given;
    },
    delete(receiptHandle) {
      const entry = byHandle(receiptHandle);
      entries = entries.filter((other) => other !== entry);
    },
    changeVisibility(receiptHandle, visibilityMs) {
      const entry = byHandle(receiptHandle);
      if (!entry || entry.hiddenUntilMs <= nowMs()) {
        throw new ServiceError('MessageNotInflight', 'The message is not under way.');
      }
      entry.hiddenUntilMs = nowMs() + visibilityMs;
    },
    messages: () => entries.map((entry) => ({ ...entry })),
  };
}

function check({ body, groupId, deduplicationId }: SentMessage, { fifo }: QueueSettings): void {
  if (body === '') throw new ServiceError('MissingParameter', 'MessageBody is missing.');
  if (Buffer.byteLength(body) > BODY_BYTES_MAX) {
    throw new ServiceError('InvalidParameterValue', 'The message is too long.');
  }
  if (fifo && groupId === undefined) throw new ServiceError('MissingParameter', 'MessageGroupId is missing.');
  for (const id of [groupId, deduplicationId]) {
    if (id !== undefined && !ID.test(id)) {
      throw new ServiceError(
        'InvalidParameterValue',
        `${JSON.stringify(id)} is not 1 to 128 allowed characters.`,
      );
    }
  }
}

function sha256(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
