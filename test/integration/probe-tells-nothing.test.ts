import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { DEMO_API_KEY, startSandboxRetailCrm } from '../../functions/local/sandbox/retailcrm/start';
import { DEMO_CABINET } from '../../functions/local/sandbox/zzap/start';
import { reportText } from '../../functions/probe/report';
import type { ProbeOutcome } from '../../functions/probe/run';
import type { Bends } from '../support/bending-proxy';
import { startProbeWorld, type ProbeWorld } from '../support/probe-world';
import { CrmHand } from '../support/sandbox-hands';
import { startStubHttpServer } from '../support/stub-http-server';

const ROOT = join(__dirname, '../..');
const SECRETS = [DEMO_CABINET.login, DEMO_CABINET.password, DEMO_CABINET.apiKey, DEMO_API_KEY];

/** Everything a person or a file gets to see of a run. */
function toldBy(outcome: ProbeOutcome): string {
  return [reportText(outcome.judged), JSON.stringify(outcome.shapes), ...outcome.failures].join('\n');
}

/** A value as it is and as JSON writes it. */
function formsOf(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
}

function found(values: readonly string[], told: string): string[] {
  return values.filter((value) => formsOf(value).some((form) => told.includes(form)));
}

const MARK = '§plant';
const bareOf = (value: string): string => value.slice(0, -MARK.length);

/** Long enough not to be met by chance; with a sign that no word of ours has. */
const planted = fc
  .oneof(
    fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }),
    fc.constantFrom(
      'Иван Петров',
      '+7 (901) 234-56-78',
      'ivan@example.test',
      '79012345678',
      '2026-01-02T03:04:05',
    ),
    fc.constantFrom('ivan.petrov', 'Zavod_of_Ivan', 'user_ivan', '[100]:Иван', '<b>Иван</b>', '****1234'),
  )
  .map((value) => `${value}${MARK}`);
const NUMBER = 987_654_321_987;

let world: ProbeWorld;

beforeAll(async () => {
  world = await startProbeWorld();
});
afterAll(async () => {
  await world.close();
});

/** Puts the value into every text of the answers, apart from what is a name by its place, and into each map's keys. */
function plantEverywhere(value: string, kept: ReadonlySet<string>): Bends {
  const plant = (json: unknown, field: string): unknown => {
    if (typeof json === 'string') return kept.has(field) ? json : value;
    if (typeof json === 'number') return kept.has(field) ? json : NUMBER;
    if (Array.isArray(json)) return json.map((entry) => plant(entry, field));
    if (typeof json !== 'object' || json === null) return json;
    const entries = Object.entries(json).map(([name, inner]) => [name, plant(inner, name)] as const);
    return Object.fromEntries([...entries, [value, value]]);
  };
  return {
    answer: (_path, answer) => {
      const inner = /^<\?xml[^>]*>\s*<string[^>]*>([\s\S]*)<\/string>$/.exec(answer.text)?.[1];
      const json =
        inner?.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&') ?? answer.text;
      return { ...answer, text: JSON.stringify(plant(JSON.parse(json), '')) };
    },
  };
}

describe('what the probe tells', () => {
  it('holds no secret and nothing of what stands in the answers of sandboxes', async () => {
    const buyers = [
      'Анна',
      'Пётр',
      'Коврик',
      'Позвонить',
      'example.test',
      '900) 000',
      'MANN',
      'BKR6E-11',
      'shop-1',
    ];

    const told = toldBy(await world.probe({ wishes: { tryWrongPassword: true, tryWrongKey: true } }));

    expect(found([...SECRETS, ...buyers, world.oldOrder], told)).toEqual([]);
  });

  it('holds no value, wherever in an answer it stands', async () => {
    const zzapNames = new Set(['error', 'code_track', 'code_order', 'create_date', 'qty_order', 'priceV2']);
    const crmNames = new Set(['scopes', 'id', 'source', 'field']);
    await fc.assert(
      fc.asyncProperty(planted, async (value) => {
        const outcome = await world.probe({
          bendZzap: plantEverywhere(value, zzapNames),
          bendCrm: plantEverywhere(value, crmNames),
        });

        expect(found([value, MARK, bareOf(value), String(NUMBER), ...SECRETS], toldBy(outcome))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('holds no value of a refusal, an error text included', async () => {
    await fc.assert(
      fc.asyncProperty(planted, async (value) => {
        const quoted = `${value} ${DEMO_CABINET.password} ${DEMO_API_KEY}`;
        const refusal = {
          success: false,
          error: quoted,
          errorMsg: quoted,
          errors: { [value]: quoted },
          table: [],
        };
        const bend: Bends = {
          answer: (_path, answer) => ({
            ...answer,
            contentType: `text/${encodeURIComponent(quoted)}`,
            text: JSON.stringify(refusal),
          }),
        };

        const outcome = await world.probe({ bendZzap: bend, bendCrm: bend });

        expect(outcome.failures).toHaveLength(2);
        expect(found([value, MARK, bareOf(value), ...SECRETS], toldBy(outcome))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the command', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'probe-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(env: Record<string, string>, ...args: string[]) {
    const out = join(folder, 'shapes.json');
    const program = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
    const child = spawn(
      process.execPath,
      [program, join(ROOT, 'functions/probe/main.ts'), '--out', out, ...args],
      { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr, out };
  }

  it('prints the table, writes the shapes and ends with 0 where nothing differs', async () => {
    const server = await startSandboxRetailCrm();
    const crm = new CrmHand(server.url);
    await crm.put('/orders', { order: { externalId: 'o-1', firstName: 'Анна' } });

    const { code, stdout, stderr, out } = await run({ CRM_URL: server.url, CRM_API_KEY: DEMO_API_KEY });
    const violations = await crm.violations();
    await server.close();

    expect({ code, stderr, violations }).toEqual({ code: 0, stderr: '', violations: 0 });
    expect(stdout).toMatch(/^Z1 +not seen +\[not-asked\] this system was left out$/m);
    expect(stdout).toMatch(/^R18 +holds +it is one of 6 groups$/m);
    const shapes = JSON.parse(readFileSync(out, 'utf8')) as { retailcrm: { call: string }[] };
    expect(shapes.retailcrm.map(({ call }) => call)).toContain('recent-orders');
    expect(found([DEMO_API_KEY, 'Анна'], stdout + JSON.stringify(shapes))).toEqual([]);
  });

  it('ends with 2 where something differs', async () => {
    const stub = await startStubHttpServer(() => ({ body: '{"success":true}' }));
    const { code, stdout } = await run({ CRM_URL: stub.url, CRM_API_KEY: 'key-of-nobody' });
    await stub.close();

    expect(code).toBe(2);
    expect(stdout).toMatch(/^R22 +DIFFERS +the answer names no scopes$/m);
  });

  it('ends with 1 and names what is missing or wrong, without its value', async () => {
    expect(await run({})).toMatchObject({ code: 1, stderr: expect.stringContaining('see --help') as string });
    const poor = await run({ ZZAP_LOGIN: 'someone-secret' });
    expect(poor.code).toBe(1);
    expect(poor.stderr).toContain('ZZAP_PASSWORD');
    expect(poor.stderr).not.toContain('someone-secret');
    const foreign = await run({ CRM_URL: 'https://evil-host.example', CRM_API_KEY: 'k' });
    expect(foreign.stderr).toContain('CRM_ALLOWED_HOSTS');
    expect(foreign.stderr).not.toContain('evil-host');
  });
});
