import { trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from './support/vectors/index.js';
import { recordSpans } from 'nestjs-tracing/testing';
import { withTraceComment } from '../../libs/tracing/src/typeorm/statement/sql-comment.js';
import { describeStatementError } from '../../libs/tracing/src/typeorm/statement/statement-error.js';
import { describeStatement } from '../../libs/tracing/src/typeorm/sql/describe-statement.js';
import { dialectOf } from '../../libs/tracing/src/typeorm/sql/dialect.js';

const SMALL = 16 * 1024;
const LARGE = 64 * 1024;
/** Four times the text may cost four times as much; sixteen times is quadratic. */
const MOST = 8;
/** Below this the clock, and who else uses the machine, are measured. */
const FLOOR_MILLIS = 0.25;
const ATTEMPTS = 6;
const PASSES = 3;

/** Whatever opens, closes, escapes, separates or means something. */
const PIECES = [
  ...`' " \` [ ] ( ) { } $ $a $a$ $$ /* */ -- # \\ ; , . .. : :: @ ? 1 1e+ .5 e x ' E' q'[ N'`.split(
    ' ',
  ),
  ...'IN( IN(?, WITH SELECT FROM JOIN PASSWORD IDENTIFIED SET PRAGMA COPY BEGIN END GRANT ON'.split(
    ' ',
  ),
  'é',
  '£',
  '\n',
  ' ',
  '\u00a0',
  '🙂',
  '::1:1',
  '*/*',
  '/*/',
];

/** Those of which every pair is tried, too. */
const DELIMITERS = PIECES.slice(0, 16);
const OPENINGS = ['', 'SELECT $a$', 'SELECT /*', 'CREATE USER u PASSWORD '];

/** Each piece by itself behind what may come first, and pairs of them. */
function* corpus(): Generator<(length: number) => string> {
  for (const opening of OPENINGS) for (const piece of PIECES) yield repeated(opening, piece);
  for (const first of DELIMITERS) {
    for (const second of DELIMITERS) yield repeated('', first + second);
  }
}

function repeated(opening: string, piece: string): (length: number) => string {
  return (length) => opening + piece.repeat(Math.ceil(length / piece.length));
}

function millisOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** The texts at which four times the length cost more than it may, whenever it is tried. */
function superlinear(scan: (text: string) => unknown): string[] {
  // Another process may hold the processor for as long as one text is tried.
  let suspects = [...corpus()];
  for (let pass = 0; pass < PASSES; pass += 1) {
    suspects = suspects.filter((textOf) => isSuperlinear(scan, textOf));
  }
  return suspects.map((textOf) => textOf(8));
}

function isSuperlinear(
  scan: (text: string) => unknown,
  textOf: (length: number) => string,
): boolean {
  const [short, long] = [textOf(SMALL), textOf(LARGE)];
  let [small, large] = [Infinity, Infinity];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    small = Math.min(
      small,
      millisOf(() => scan(short)),
    );
    large = Math.min(
      large,
      millisOf(() => scan(long)),
    );
    if (large <= MOST * Math.max(small, FLOOR_MILLIS)) return false;
  }
  return true;
}

describe.each(FAMILIES)('The scanner of $system, fed with 64 KiB of anything', ({ system }) => {
  const dialect = dialectOf(system);

  it('takes linear time for the text and the summary', () => {
    expect(superlinear((sql) => Buffer.from(describeStatement(sql, dialect, false).text))).toEqual(
      [],
    );
  });

  it('takes linear time for the text of a statement with parameters', () => {
    expect(superlinear((sql) => Buffer.from(describeStatement(sql, dialect, true).text))).toEqual(
      [],
    );
  });
});

describe('What else reads texts of statements and servers', () => {
  it('takes linear time to add a comment', async () => {
    const spans = recordSpans();
    const propagator = new W3CTraceContextPropagator();
    const slow = trace.getTracer('test').startActiveSpan('request', (span) => {
      const found = superlinear((sql) => withTraceComment(sql, propagator));
      span.end();
      return found;
    });
    await spans.stop();
    expect(slow).toEqual([]);
  });

  it('takes linear time to describe an error, by its message and its stack', () => {
    const slow = superlinear((text) => {
      const error = new Error(text);
      error.stack = `Error: ${text}\n    at ${text}\n    at f (a.js:1:1)`;
      return describeStatementError(error, false);
    });
    expect(slow).toEqual([]);
  });

  it('finds what is not linear', () => {
    const quadratic = (text: string) => {
      let sum = 0;
      for (let end = 0; end < text.length; end += 64) {
        for (let at = 0; at < end; at += 1) sum ^= text.charCodeAt(at);
      }
      return sum;
    };
    quadratic('a'.repeat(LARGE)); // compiled before it is measured
    expect(isSuperlinear(quadratic, repeated('', 'a'))).toBe(true);
  });
});
