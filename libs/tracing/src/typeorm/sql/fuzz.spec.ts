import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../../../test/typeorm/support/vectors/index.js';
import { describeStatement } from './describe-statement.js';
import { dialectOf } from './dialect.js';

const RUNS = 400;
const CANARY = 'canary7';
/** The value inside of the quotes of a literal. */
const QUOTED = /(?<=['"${])x(?=['"$}])/;

const PASSWORD_CHARACTERS = 'aZ09_#$@!%^&*-+=.:?/<>{}[]|~\\\'"`é£'.split('');

/** Statements in which a secret `@` stands. */
const DEFINITIONS = [
  'CREATE USER u PASSWORD @',
  'ALTER USER u PASSWORD @ DISABLE',
  'CONNECT u PASSWORD @',
  'CREATE DATABASE d SYSTEM USER PASSWORD @;',
  'ALTER SYSTEM SET ENCRYPTION ROOT KEYS BACKUP PASSWORD @',
  'CREATE LOGIN l WITH PASSWORD = @, CHECK_POLICY = OFF',
  'CREATE USER u IDENTIFIED BY @',
  'CREATE CREDENTIAL c WITH SECRET = @',
];

/** Statements from a small grammar, with values that all hold the canary. */
function statements(values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const name = fc.constantFrom('t', 'u.v', '[x y]', '`z`', 'users', 'select_1');
  const blank = fc.constantFrom(' ', '\n', ' /* canary7 */ ', ' -- canary7\n');
  const { expression, statement } = fc.letrec<{ expression: string; statement: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      values,
      name,
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a} + ${b}`),
      fc.array(values, { minLength: 1, maxLength: 4 }).map((list) => `a IN (${list.join(', ')})`),
      tie('statement').map((inner) => `(${inner})`),
    ),
    statement: fc.oneof(
      fc.tuple(tie('expression'), blank, name).map(([e, b, n]) => `SELECT ${e}${b}FROM ${n}`),
      fc.tuple(name, blank, tie('expression')).map(([n, b, e]) => `UPDATE ${n}${b}SET a = ${e}`),
      fc.tuple(name, tie('expression')).map(([n, e]) => `INSERT INTO ${n} VALUES (${e}, ${e})`),
      fc.tuple(name, tie('expression')).map(([n, e]) => `DELETE FROM ${n} WHERE a = ${e}`),
    ),
  }));
  return fc
    .array(fc.oneof(statement, expression), { minLength: 1, maxLength: 3 })
    .map((all) => all.join('; '));
}

describe.each(FAMILIES)('B7 whatever is thrown at $system', ({ system, literals }) => {
  const dialect = dialectOf(system);
  const textOf = (sql: string) => describeStatement(sql, dialect, false).text;

  it('leaves no value of a statement from the grammar', () => {
    const strings = literals.filter((literal) => QUOTED.test(literal));
    const usable = fc.constantFrom(...strings).map((text) => text.replace(QUOTED, CANARY));
    fc.assert(
      fc.property(statements(usable), (sql) => {
        const { text, summary } = describeStatement(sql, dialect, false);
        expect(text).not.toContain(CANARY);
        expect(summary ?? '').not.toContain(CANARY);
        expect(textOf(text)).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });

  it('throws for no characters, never grows, and changes nothing the second time', () => {
    const pieces = `' " \` [ ] ( ) $ $a$ /* */ -- # \\ ; , . : @ ? 1 1e+ e .5 0x IN IDENTIFIED BY q' E' SELECT FROM WITH AS é 🙂`;
    const soup = fc.array(fc.constantFrom(...pieces.split(' '), ' ', '\n'), { maxLength: 24 });
    const texts = fc.oneof(
      soup.map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, (sql) => {
        const once = textOf(sql);
        expect(once.length).toBeLessThanOrEqual(sql.length);
        expect(textOf(once)).toBe(once);
      }),
      { numRuns: RUNS * 5 },
    );
  });

  it('leaves no part of a password without quotes, whatever its characters', () => {
    const characters = fc.string({ unit: fc.constantFrom(...PASSWORD_CHARACTERS), maxLength: 6 });
    const secrets = fc.tuple(characters, characters).map((around) => around.join(CANARY));
    fc.assert(
      fc.property(fc.constantFrom(...DEFINITIONS), secrets, (definition, secret) => {
        expect(textOf(definition.replace('@', () => secret))).not.toContain(CANARY);
      }),
      { numRuns: RUNS },
    );
  });

  it('survives random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(textOf(Buffer.from(bytes).toString('latin1')).length).toBeLessThanOrEqual(300);
      }),
      { numRuns: RUNS },
    );
  });
});
