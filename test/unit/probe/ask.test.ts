import { PassThrough } from 'node:stream';
import { createAsk } from '../../../functions/probe/ask';

/** A terminal whose keys are pressed by the test. */
function terminal(isTTY: boolean) {
  const keys = Object.assign(new PassThrough(), { isTTY });
  const shown = new PassThrough();
  const ask = createAsk(keys as unknown as NodeJS.ReadStream, shown as unknown as NodeJS.WriteStream);
  return { keys, ask, shownText: () => String(shown.read() ?? '') };
}

describe('asking on a terminal', () => {
  it('shows what is typed, without blanks around it in the answer', async () => {
    const { keys, ask, shownText } = terminal(true);

    const answer = ask('ZZap login: ', false);
    keys.write(' me@zzap.example \n');

    expect(await answer).toBe('me@zzap.example');
    expect(shownText()).toContain('me@zzap.example');
  });

  it('shows nothing of a secret and takes it as it is typed', async () => {
    const { keys, ask, shownText } = terminal(true);

    const answer = ask('ZZap password: ', true);
    keys.write(' pass word \n');

    expect(await answer).toBe(' pass word ');
    expect(shownText()).toBe('ZZap password: \n');
  });

  it('asks nobody where there is no terminal', async () => {
    const { ask, shownText } = terminal(false);

    expect(await ask('ZZap login: ', false)).toBeNull();
    expect(shownText()).toBe('');
  });
});
