import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { describeStatementError } from './statement-error.js';

const CANARY = 'canary@secret.example';

function failure(fields: object, message = `Duplicate entry '${CANARY}'`): QueryFailedError {
  return new QueryFailedError('INSERT', [CANARY], Object.assign(new Error(message), fields));
}

describe('B7 the description of an error', () => {
  it.each([
    ['PostgreSQL', { code: '23505', severity: 'ERROR', detail: CANARY }, '23505'],
    ['MariaDB', { code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000' }, '1062'],
    ['SQLite', { code: 'SQLITE_CONSTRAINT_UNIQUE' }, 'SQLITE_CONSTRAINT_UNIQUE'],
    ['SQL Server', { code: 'EREQUEST', number: 2627 }, '2627'],
    ['Oracle', { errorNum: 1 }, 'ORA-00001'],
  ])('tells the status code of %s', (_, fields, status) => {
    const { errorType, attributes, exception } = describeStatementError(failure(fields), false);
    expect(errorType).toBe(status);
    expect(attributes).toEqual({ 'db.response.status_code': status });
    expect(exception.message).toContain(status);
  });

  it('tells the code of a server that was not reached as the type alone', () => {
    const refused = Object.assign(new Error(`connect ${CANARY}`), {
      code: 'ECONNREFUSED',
      errno: -111,
    });
    const { errorType, attributes } = describeStatementError(refused, false);
    expect(errorType).toBe('ECONNREFUSED');
    expect(attributes).toEqual({});
  });

  it('tells the class of an error without a code, and of a value that is none', () => {
    class LostError extends Error {}
    expect(describeStatementError(new LostError(CANARY), false).errorType).toBe('LostError');
    expect(describeStatementError(failure({}), false).errorType).toBe('QueryFailedError');
    expect(describeStatementError(CANARY, false).exception.message).toBe('_OTHER');
  });

  it.each([
    CANARY,
    `two lines\n${CANARY}`,
    `like a frame\n    at ${CANARY} (/app/a.js:1:2)`,
    `\n    at ${CANARY}:1:2`,
  ])('keeps the frames of a stack and nothing of its message, described twice (%#)', (message) => {
    const error = failure({ code: CANARY, name: CANARY }, message);
    describeStatementError(error, false);
    const described = describeStatementError(error, false);
    expect(JSON.stringify(described)).not.toContain('canary');
    expect(described.exception.stack).toMatch(/^ {4}at .*statement-error\.spec/);
  });

  it('keeps message and stack if it is asked to', () => {
    const { exception } = describeStatementError(failure({ errno: 1 }), true);
    expect(exception.message).toContain(CANARY);
    expect(exception.stack).toContain(CANARY);
  });
});
