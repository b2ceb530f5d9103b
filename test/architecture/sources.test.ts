import { filesBelow, read } from './sources';

const LINES_MAX = 300;

describe('the sources', () => {
  it('have no file that is too long to read', () => {
    const files = filesBelow('functions');

    expect(files.length).toBeGreaterThan(100);
    const long = files.filter((file) => read(file).split('\n').length - 1 > LINES_MAX);
    expect(long).toEqual([]);
  });

  it('have no file between all others that only passes names on', () => {
    const barrels = filesBelow('functions').filter((file) => {
      const code = read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      const statements = code.split(';').filter((statement) => statement.trim() !== '');
      return statements.every((statement) => /^\s*export\b[\s\S]*\bfrom\b/.test(statement));
    });

    expect(barrels).toEqual([]);
  });
});

describe('the tests', () => {
  // Put together here so that this file does not name what it looks for.
  const left = new RegExp(
    `\\b(describe|it|test)\\.(${['skip', 'only', 'todo', 'failing'].join('|')})\\b` +
      `|\\b(${['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe'].join('|')})\\s*[.(]`,
  );

  it('are all run, each', () => {
    const files = filesBelow('test');

    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => left.test(read(file)))).toEqual([]);
  });

  it('would be found out if they were not', () => {
    const [it, describe] = ['it', 'describe'];

    const told = [
      `${it}.skip('x'`,
      `${describe}.only.each(`,
      `x${it}('x'`,
      `f${describe}('x'`,
      `${it}.todo('x')`,
    ];
    expect(told.filter((text) => !left.test(text))).toEqual([]);
    expect([`${it}('x'`, `${it}.each([`, 'unit(', 'profit('].filter((text) => left.test(text))).toEqual([]);
  });
});

describe('the environment of the local run', () => {
  /** Section 7 of the design, as far as it exists, and what the sources added to it. */
  const DESIGNED = [
    'PORT',
    'DATA_DIR',
    'SANDBOX',
    'ZZAP_BASE_URL',
    'CRM_ALLOWED_HOSTS',
    'ZZAP_MIN_INTERVAL_MS',
    'PUBLIC_URL',
    'LOG_LEVEL',
  ];
  const variables = [...read('functions/local/environment.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(
    ([, name = '']) => name,
  );

  it('has every variable of the design', () => {
    expect(variables).toEqual(expect.arrayContaining(DESIGNED));
  });

  it('is told to its reader, each variable', () => {
    const readme = read('README.md');

    expect(variables.filter((name) => !readme.includes(`\`${name}`) && !readme.includes(`${name}=`))).toEqual(
      [],
    );
  });

  it('is read where a process begins, nowhere else', () => {
    const readers = filesBelow('functions').filter((file) => /process\.env\b/.test(read(file)));

    expect(readers).toEqual([
      'functions/local/main.ts',
      'functions/probe/main.ts',
      'functions/wiring/cloud-environment.ts',
    ]);
  });
});
