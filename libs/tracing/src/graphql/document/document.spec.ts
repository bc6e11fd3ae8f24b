import { describe, expect, it } from 'vitest';
import { operationIn } from './operations-in.js';
import { redactDocument } from './redact-document.js';

describe('the operations of a document', () => {
  it.each([
    ['{ a }', 'query', undefined, false],
    ['query { a }', 'query', undefined, false],
    [
      'query Orders($a: In = { x: 1 }, $b: [Int!]! = []) @live(if: true) { a }',
      'query',
      'Orders',
      false,
    ],
    ['# query A\n mutation Place { place(order: { id: "}" }) { id } }', 'mutation', 'Place', false],
    ['subscription query { query }', 'subscription', 'query', false],
    ['query mutation { a }', 'query', 'mutation', false],
    ['fragment F on Query { a { b } } query Q { ...F }', 'query', 'Q', false],
    ['{ __schema { types { name } } }', 'query', undefined, true],
    ['{ s: __schema { types { name } } t: __type(name: "A") { name } }', 'query', undefined, true],
    ['{ __typename }', 'query', undefined, true],
    ['{ __typename, a }', 'query', undefined, false],
    ['{ __schema: a }', 'query', undefined, false],
    ['{ __typename @include(if: true) ...F } fragment F on Query { a }', 'query', undefined, false],
    ['query Q { a(text: """ } "quoted" \\""" { """) }', 'query', 'Q', false],
  ])('GQ4 %s', (document, type, name, isIntrospection) => {
    expect(operationIn(document, undefined)).toEqual({ type, name, isIntrospection });
  });

  it('GQ4 that is to be executed is named where there are several', () => {
    const document = 'query A { a } mutation B { b }';
    expect(operationIn(document, 'B')?.type).toBe('mutation');
    expect(operationIn(document, undefined)).toBeUndefined();
    expect(operationIn(document, 'C')).toBeUndefined();
    expect(operationIn('query A { a }', undefined)?.name).toBe('A');
  });

  it.each([
    '',
    '}',
    '}}}} {',
    '{',
    'query',
    'query {',
    '"',
    '"""',
    '((((',
    '))))',
    '...',
    '\u0000',
    '😀',
  ])('GQ6 %j is no reason to fail', (document) => {
    expect(operationIn(document, undefined)?.name).toBeUndefined();
    expect(redactDocument(document, 100).length).toBeLessThan(20);
  });
});

describe('a redacted document', () => {
  it('GQ7 has none of its literals and comments', () => {
    const document = `query Q($id: ID = "secret") { # secret
      order(id: "sec\\"ret", note: """sec"ret""", total: -12.5e3, paid: true, kind: NEW) { id } }`;
    expect(redactDocument(document, 1000)).toBe(
      'query Q($id: ID = "*") { order(id: "*" note: "*" total: * paid: true kind: NEW) { id } }',
    );
  });

  it('GQ7 is no longer than allowed', () => {
    expect(redactDocument('{ orders { id } }', 10)).toBe('{ orders {');
  });
});
