import * as z from 'zod';
import { codeText, optionalText, phpObject, phpValues } from '../../../functions/retailcrm/php-json';

describe('an object whose fields are all optional', () => {
  const schema = phpObject(z.object({ name: optionalText }));

  it('is read from the empty list that PHP writes for an empty map', () => {
    expect(schema.parse([])).toEqual({ name: null });
  });

  it('is read as it is', () => {
    expect(schema.parse({ name: 'text', more: 1 })).toEqual({ name: 'text' });
    expect(schema.parse({})).toEqual({ name: null });
  });

  it.each([[null], ['text'], [7], [['a']]])('is not made of %j', (wire) => {
    expect(schema.safeParse(wire).success).toBe(false);
  });

  it('may be missing where the answer may leave it out', () => {
    expect(z.object({ part: schema.nullish() }).parse({})).toEqual({});
  });
});

describe("a reference book's entries", () => {
  it.each([
    ['a map', { b: 'B', a: 'A' }, ['B', 'A']],
    ['a map with a code like a number, which comes first', { b: 'B', '3': 'three' }, ['three', 'B']],
    ['a list', ['B', 'A'], ['B', 'A']],
    ['an empty list, which is also the empty map', [], []],
    ['an empty map', {}, []],
  ])('are read from %s', (_, wire, values) => {
    expect(phpValues(z.string()).parse(wire)).toEqual(values);
  });

  it.each([[null], ['text'], [7], [['a', 1]], [{ a: null }]])('are not read from %j', (wire) => {
    expect(phpValues(z.string()).safeParse(wire).success).toBe(false);
  });

  it('may be missing where the answer may leave them out', () => {
    const schema = z.object({ list: phpValues(z.string()).nullish() });

    expect(schema.parse({})).toEqual({});
    expect(schema.parse({ list: null })).toEqual({ list: null });
  });
});

describe('optional text', () => {
  it.each([
    ['text', 'text'],
    [' ', ' '],
    ['0', '0'],
    [0, '0'],
    [7146, '7146'],
    ['', null],
    [null, null],
    [undefined, null],
  ])('reads %j as %j', (wire, text) => {
    expect(optionalText.parse(wire)).toBe(text);
  });

  it('is absent when its key is', () => {
    expect(z.object({ name: optionalText }).parse({})).toEqual({ name: null });
  });

  it.each([[true], [{}], [[]]])('is not %j', (wire) => {
    expect(optionalText.safeParse(wire).success).toBe(false);
  });
});

it('a dictionary code is text, also when JSON has it as a number', () => {
  expect(codeText.parse('3')).toBe('3');
  expect(codeText.parse(3)).toBe('3');
  expect(codeText.safeParse(null).success).toBe(false);
});
