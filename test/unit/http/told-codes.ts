import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { FINDING_KINDS } from '../../../functions/domain/mapping-doctor';

const ROOT = join(__dirname, '../../..');

/** Where answers are made: refusals of use cases and of the domain, problems of the HTTP layer and of the guard. */
const PLACES = ['functions/domain', 'functions/settings', 'functions/http'];
const FILES = ['functions/local/loopback-guard.ts'];

/** Codes put together from parts, by the text that puts them together. */
const COMPOSED: Readonly<Record<string, readonly string[]>> = {
  "`${facts.remote}-${temporary(facts) ? 'unavailable' : 'refuses'}`": [
    'zzap-unavailable',
    'zzap-refuses',
    'retailcrm-unavailable',
    'retailcrm-refuses',
  ],
  '`${exclusive.kind}-taken`': ['site-taken', 'login-taken'],
  '`finding-${finding.kind}`': FINDING_KINDS.map((kind) => `finding-${kind}`),
};

/** Expressions that only pass a code on: where it comes from is looked at itself. */
const PASSED_ON = [
  'address.code',
  'issue.message',
  'facts.code',
  'refusal.code',
  'code',
  'z.string()',
  'statusCode',
  'textOf(facts.title, language)',
];

/** Codes in these files are RetailCRM's. */
const FOREIGN = ['functions/settings/order-method.ts'];

export interface ToldCodes {
  /** Codes and titles that the sources can answer. */
  readonly codes: ReadonlySet<string>;
  /** `file: expression` of what this reader does not understand. */
  readonly unclear: readonly string[];
}

/** Reads every code that the module can answer out of its sources. */
export function readToldCodes(): ToldCodes {
  const codes = new Set<string>();
  const unclear: string[] = [];
  const files = PLACES.flatMap((place) =>
    readdirSync(join(ROOT, place))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${place}/${name}`)
      .filter((file) => !FOREIGN.includes(file)),
  );
  for (const file of [...files, ...FILES]) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const tell = (node: ts.Expression) => {
      const told = textsOf(node, source);
      if (told === null) unclear.push(`${file}: ${node.getText(source)}`);
      for (const code of told ?? []) codes.add(code);
    };
    visit(source, (node) => {
      for (const told of toldBy(node, source)) tell(told);
    });
  }
  return { codes, unclear };
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** The expressions of a node that become codes: of a refusal, of a field, of a problem, of a failing check. */
function toldBy(node: ts.Node, source: ts.SourceFile): readonly ts.Expression[] {
  if (ts.isNewExpression(node)) {
    return node.expression.getText(source) === 'Refusal' ? (node.arguments ?? []).slice(1, 2) : [];
  }
  if (ts.isCallExpression(node)) {
    return node.expression.getText(source) === 'fieldOf' ? node.arguments.slice(1, 2) : [];
  }
  if (ts.isObjectLiteralExpression(node)) return toldByObject(node);
  return ts.isVariableDeclaration(node) ? toldByVariable(node, source) : [];
}

/** `{ path, code }` is a field, `{ status, title, code }` a problem, `{ kind, code }` an answer of the domain. */
function toldByObject(node: ts.ObjectLiteralExpression): ts.Expression[] {
  const parts = new Map<string, ts.Expression | null>();
  for (const property of node.properties) {
    if (!property.name || !ts.isIdentifier(property.name)) continue;
    parts.set(property.name.text, ts.isPropertyAssignment(property) ? property.initializer : null);
  }
  const told = ['path', 'status', 'kind'].some((name) => parts.has(name))
    ? ['code', 'title', 'error']
    : ['error'];
  return told.map((name) => parts.get(name) ?? null).filter((part) => part !== null);
}

function toldByVariable(node: ts.VariableDeclaration, source: ts.SourceFile): readonly ts.Expression[] {
  const name = node.name.getText(source);
  if (!node.initializer) return [];
  if (name === 'STATUS_OF_KIND') return titlesOf(node.initializer);
  return name === 'code' ? [node.initializer] : [];
}

/** The second parts of `kind: [status, title]`. */
function titlesOf(node: ts.Expression): ts.Expression[] {
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) && ts.isArrayLiteralExpression(property.initializer)
      ? property.initializer.elements.slice(1, 2)
      : [],
  );
}

/** The texts an expression may have; null when that cannot be told. */
function textsOf(node: ts.Expression, source: ts.SourceFile): readonly string[] | null {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) {
    const [whenTrue, whenFalse] = [textsOf(node.whenTrue, source), textsOf(node.whenFalse, source)];
    return whenTrue && whenFalse ? [...whenTrue, ...whenFalse] : null;
  }
  const text = node.getText(source);
  return PASSED_ON.includes(text) ? [] : (COMPOSED[text] ?? null);
}
