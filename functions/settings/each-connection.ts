import type { Account } from '../domain/account';
import type { Connection } from '../domain/connection';
import type { CaretakerPorts } from './caretaker-ports';

const PAGE_LIMIT = 100;

/** Every connection of every account, page by page; removed ones are not among them. */
export async function* eachConnection({
  accounts,
  connections,
}: Pick<CaretakerPorts, 'accounts' | 'connections'>): AsyncGenerator<Connection> {
  const pageOf = (after: string | undefined) => ({
    limit: PAGE_LIMIT,
    ...(after !== undefined && { after }),
  });
  for await (const { accountId } of paged<Account>(
    (after) => accounts.list(pageOf(after)),
    ({ accountId: id }) => id,
  )) {
    yield* paged<Connection>(
      (after) => connections.list(accountId, pageOf(after)),
      ({ connectionId }) => connectionId,
    );
  }
}

async function* paged<Item>(
  read: (after: string | undefined) => Promise<readonly Item[]>,
  keyOf: (item: Item) => string,
): AsyncGenerator<Item> {
  let after: string | undefined;
  do {
    const page = await read(after);
    yield* page;
    const last = page.at(-1);
    after = page.length === PAGE_LIMIT && last ? keyOf(last) : undefined;
  } while (after !== undefined);
}
