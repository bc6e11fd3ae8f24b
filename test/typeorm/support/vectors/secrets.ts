import type { Vector } from './common.js';

/** Statements that hold secrets without quotes, which are secrets whatever the dialect. */
export const SECRETS: readonly Vector[] = [
  ['CONNECT u PASSWORD p', 'CONNECT u PASSWORD ?', 'CONNECT'],
  ['CONNECT u PASSWORD "P1"', 'CONNECT u PASSWORD ?', 'CONNECT'],
  ['VALIDATE USER u PASSWORD p', 'VALIDATE USER u PASSWORD ?', 'VALIDATE'],
  [
    'CREATE DATABASE d SYSTEM USER PASSWORD p',
    'CREATE DATABASE d SYSTEM USER PASSWORD ?',
    'CREATE DATABASE d',
  ],
  [
    "EXPORT ALL AS BINARY INTO '/x' WITH ENCRYPTION PASSWORD p",
    'EXPORT ALL AS BINARY INTO ? WITH ENCRYPTION PASSWORD ?',
    'EXPORT',
  ],
  [
    "IMPORT ALL FROM '/x' WITH ENCRYPTION PASSWORD p",
    'IMPORT ALL FROM ? WITH ENCRYPTION PASSWORD ?',
    'IMPORT',
  ],
  [
    'ALTER SYSTEM SET ENCRYPTION ROOT KEYS BACKUP PASSWORD p',
    'ALTER SYSTEM SET ENCRYPTION ROOT KEYS BACKUP PASSWORD ?',
    'ALTER',
  ],
  ['ALTER USER u PASSWORD top', 'ALTER USER u PASSWORD ?', 'ALTER USER'],
  ['ALTER USER u PASSWORD from', 'ALTER USER u PASSWORD ?', 'ALTER USER'],
  ['ALTER USER u PASSWORD p!q&r', 'ALTER USER u PASSWORD ?????', 'ALTER USER'],
  ['ALTER USER u PASSWORD p!q r', 'ALTER USER u PASSWORD ??? r', 'ALTER USER'],
  [
    'ALTER ROLE r LOGIN PASSWORD p VALID UNTIL 1',
    'ALTER ROLE r LOGIN PASSWORD ? VALID UNTIL ?',
    'ALTER ROLE',
  ],
  ['CREATE USER u WITH PASSWORD p', 'CREATE USER u WITH PASSWORD ?', 'CREATE USER'],
  [
    'CREATE USER u PASSWORD p; SELECT a FROM t',
    'CREATE USER u PASSWORD ?; SELECT a FROM t',
    'CREATE USER SELECT t',
  ],
  [
    'CREATE LOGIN l WITH PASSWORD = p, CHECK_POLICY = OFF',
    'CREATE LOGIN l WITH PASSWORD = ?, CHECK_POLICY = OFF',
    'CREATE LOGIN',
  ],
  [
    'ALTER LOGIN l WITH PASSWORD = p OLD_PASSWORD = o',
    'ALTER LOGIN l WITH PASSWORD = ? OLD_PASSWORD = ?',
    'ALTER LOGIN',
  ],
  [
    'CREATE CREDENTIAL c WITH IDENTITY = i, SECRET = s',
    'CREATE CREDENTIAL c WITH IDENTITY = i, SECRET = ?',
    'CREATE CREDENTIAL',
  ],
  [
    'OPEN SYMMETRIC KEY k DECRYPTION BY PASSWORD = p',
    'OPEN SYMMETRIC KEY k DECRYPTION BY PASSWORD = ?',
    undefined,
  ],
  [
    'CREATE SYMMETRIC KEY k WITH KEY_SOURCE = p, IDENTITY_VALUE = q',
    'CREATE SYMMETRIC KEY k WITH KEY_SOURCE = ?, IDENTITY_VALUE = ?',
    'CREATE',
  ],
  [
    'BACKUP DATABASE d WITH MEDIAPASSWORD = p',
    'BACKUP DATABASE d WITH MEDIAPASSWORD = ?',
    'BACKUP',
  ],
  ['BACKUP WITH ENCRYPTION_PASSPHRASE = p', 'BACKUP WITH ENCRYPTION_PASSPHRASE = ?', 'BACKUP'],
  [
    'CREATE USER u IDENTIFIED VIA x USING PASSWORD(p)',
    'CREATE USER u IDENTIFIED VIA x USING PASSWORD(?)',
    'CREATE USER',
  ],
  ['CREATE USER u IDENTIFIED BY from', 'CREATE USER u IDENTIFIED BY ?', 'CREATE USER'],
  ['GRANT r TO u, v IDENTIFIED BY p, q', 'GRANT r TO u, v IDENTIFIED BY ?, ?', 'GRANT'],
  [
    'ALTER KEYSTORE PASSWORD IDENTIFIED BY p SET q',
    'ALTER KEYSTORE PASSWORD IDENTIFIED BY ? SET ?',
    'ALTER',
  ],
  ['ALTER ROLE r SET app.k TO v', 'ALTER ROLE r SET app.k TO ?', 'ALTER ROLE'],
  ['ALTER SYSTEM SET app.k = v', 'ALTER SYSTEM SET app.k = ?', 'ALTER'],
  ['SAVEPOINT secret', 'SAVEPOINT ?', 'SAVEPOINT'],
  ['UPDATE t SET password = p', 'UPDATE t SET password = ?', 'UPDATE t'],
  ['UPDATE t SET secret = p, a = b', 'UPDATE t SET secret = ?, a = b', 'UPDATE t'],
  ['SELECT a FROM t WHERE password = "p"', 'SELECT a FROM t WHERE password = ?', 'SELECT t'],
  [
    'SELECT password, a FROM t WHERE password IS NOT NULL ORDER BY password DESC',
    'SELECT password, a FROM t WHERE password IS NOT NULL ORDER BY password DESC',
    'SELECT t',
  ],
  [
    'INSERT INTO t (password, a) SELECT password, a FROM u',
    'INSERT INTO t (password, a) SELECT password, a FROM u',
    'INSERT t SELECT u',
  ],
];

/** Truth values are literals as well. */
export const BOOLEANS: readonly Vector[] = [
  ['SELECT a FROM t WHERE TRUE', 'SELECT a FROM t WHERE ?', 'SELECT t'],
  ['SELECT a FROM t WHERE b = false', 'SELECT a FROM t WHERE b = ?', 'SELECT t'],
  ['SELECT a FROM t JOIN u ON true', 'SELECT a FROM t JOIN u ON ?', 'SELECT t u'],
  ['SELECT a FROM t WHERE b IN (TRUE, FALSE)', 'SELECT a FROM t WHERE b IN (?)', 'SELECT t'],
  ['SELECT a FROM t WHERE b IS NOT TRUE', 'SELECT a FROM t WHERE b IS NOT ?', 'SELECT t'],
  ['INSERT INTO t VALUES (true, NULL)', 'INSERT INTO t VALUES (?, NULL)', 'INSERT t'],
  ['UPDATE t SET a = False', 'UPDATE t SET a = ?', 'UPDATE t'],
  [
    'CREATE TABLE t (a boolean DEFAULT true)',
    'CREATE TABLE t (a boolean DEFAULT ?)',
    'CREATE TABLE t',
  ],
  ['SELECT t.true, truth FROM t', 'SELECT t.true, truth FROM t', 'SELECT t'],
];
