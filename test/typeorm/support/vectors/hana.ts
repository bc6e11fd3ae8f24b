import type { DialectVectors } from './common.js';

export const HANA: DialectVectors = {
  system: 'sap.hana',
  quotes: ['"', '"'],
  literals: ['0', '42', '1.5', '.5', '1e10', '0x1F', "'x'", "N'x'", "X'1F'", "'it''s'", "'a\\'"],
  own: [
    ['SELECT :1, :name, ? FROM dummy', 'SELECT :1, :name, ? FROM dummy', 'SELECT dummy'],
    ['SELECT * FROM #tmp', 'SELECT * FROM #tmp', 'SELECT #tmp'],
    ['ALTER USER u PASSWORD Ab#c$d', 'ALTER USER u PASSWORD ?', 'ALTER USER'],
    ['ALTER USER u PASSWORD @b#c', 'ALTER USER u PASSWORD ?', 'ALTER USER'],
    ['ALTER USER u PASSWORD -b', 'ALTER USER u PASSWORD ??', 'ALTER USER'],
    [
      'CREATE USER u PASSWORD "P1" NO FORCE_FIRST_PASSWORD_CHANGE',
      'CREATE USER u PASSWORD ? NO FORCE_FIRST_PASSWORD_CHANGE',
      'CREATE USER',
    ],
    [
      'VALIDATE ENCRYPTION ROOT KEYS BACKUP PASSWORD p',
      'VALIDATE ENCRYPTION ROOT KEYS BACKUP PASSWORD ?',
      'VALIDATE',
    ],
    [
      "CREATE CREDENTIAL FOR COMPONENT 'c' PURPOSE 'p' TYPE 'PASSWORD' USING 'x'",
      'CREATE CREDENTIAL FOR COMPONENT ? PURPOSE ? TYPE ? USING ?',
      'CREATE CREDENTIAL',
    ],
    ['UPSERT t VALUES (1) WITH PRIMARY KEY', 'UPSERT t VALUES (?) WITH PRIMARY KEY', 'UPSERT t'],
  ],
};
