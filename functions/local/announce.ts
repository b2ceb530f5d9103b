/* eslint-disable no-console -- what a person reads in the terminal is said here and nowhere else */

interface Started {
  readonly productUrl: string;
  readonly zzapBaseUrl: string;
  readonly dataDir: string;
  readonly sandbox: { readonly zzapUrl: string; readonly crmUrl: string } | null;
}

function started({ productUrl, zzapBaseUrl, dataDir, sandbox }: Started): void {
  console.log(`
ZZap ↔ RetailCRM is running / модуль запущен

  API                  ${productUrl}/openapi.json
  ZZap                 ${sandbox?.zzapUrl === zzapBaseUrl ? `${zzapBaseUrl}  (песочница / sandbox)` : zzapBaseUrl}${
    sandbox ? `\n  RetailCRM            ${sandbox.crmUrl}  (песочница / sandbox)` : ''
  }
  Data / данные        ${dataDir}

  Stop with Ctrl-C; the next start goes on where this one stopped.`);
}

function seeded(productUrl: string, connectionId: string | null): void {
  if (connectionId === null) return;
  const connection = `${productUrl}/api/connections/${connectionId}`;
  console.log(`
  A demo account and a connection «Заказ с ZZap» have been made: ZZap's new orders go to RetailCRM,
  and a status set in RetailCRM goes to ZZap within seconds.
  Создано демо-подключение «Заказ с ZZap»: новые заказы ZZap попадают в RetailCRM,
  а статус, заданный в RetailCRM, через секунды виден в ZZap.

  Try / попробуйте:
    curl ${connection}                  # настройки и последняя синхронизация
    curl ${connection}/runs             # журнал
    curl ${connection}/orders           # где мой заказ?
    curl -X POST ${connection}/sync     # синхронизировать сейчас
`);
}

function failed(error: unknown): void {
  console.error(`\n${explain(error)}\n`);
}

/** What happened and what to do, for the mishaps a start can meet. */
function explain(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port ?? '?'} is taken by another program (PORT and the two after it are needed). Stop it, or: PORT=4000 npm start`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The data folder cannot be written (${code}). Choose another one: DATA_DIR=./my-data npm start`;
    case 'ENOSPC':
      return 'The disk is full. Nothing stored so far is lost; make room and start again.';
    default:
      return message;
  }
}

export const tell = {
  started,
  seeded,
  failed,
  stopping: () => {
    console.log('\n  Stopping… / остановка…');
  },
};
