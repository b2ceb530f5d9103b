/** Says why the probe cannot run, in words that may be printed. */
export class NotRunnable extends Error {
  override readonly name = 'NotRunnable';
}
