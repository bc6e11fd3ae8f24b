import {
  ACCOUNT,
  AFTER_NAME,
  BEFORE_NAME,
  CONTROLS,
  DEFINES,
  DROPS,
  EXPLAINS,
  GRANTS,
  INTO,
  LISTS,
  MODIFIER,
  NAMES,
  NESTED,
  OBJECT,
  READS,
  SECRET,
  SOURCES_END,
  TRANSACTION,
  UPDATES,
} from './keyword-roles.js';

/** A word that means something. */
export interface Keyword {
  readonly word: string;
  readonly operation: number;
  readonly flags: number;
}

const OPERATION_WORDS: readonly (readonly [number, string])[] = [
  [READS, 'SELECT DELETE'],
  [INTO, 'INSERT UPSERT REPLACE MERGE'],
  [UPDATES, 'UPDATE'],
  [NAMES, 'CALL EXEC EXECUTE PRAGMA'],
  [LISTS, 'TRUNCATE'],
  [DEFINES, 'CREATE ALTER'],
  [DROPS, 'DROP'],
  [EXPLAINS, 'EXPLAIN'],
  [GRANTS, 'GRANT REVOKE'],
  [
    CONTROLS,
    'START BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE SAVE END ABORT SET RESET SHOW USE LOCK UNLOCK ' +
      'COMMENT COPY ANALYZE VACUUM REINDEX REFRESH LISTEN UNLISTEN NOTIFY DO DECLARE FETCH CLOSE ' +
      'PREPARE DEALLOCATE DESCRIBE DISCARD CHECKPOINT CLUSTER OPTIMIZE KILL FLUSH VALUES TABLE ' +
      'ATTACH DETACH RENAME CONNECT VALIDATE EXPORT IMPORT BACKUP RESTORE RECOVER',
  ],
];

const FLAG_WORDS: readonly (readonly [number, string])[] = [
  [NESTED, 'SELECT INSERT UPDATE DELETE MERGE'],
  [
    OBJECT,
    'TABLE VIEW INDEX SCHEMA DATABASE TYPE SEQUENCE EXTENSION FUNCTION PROCEDURE TRIGGER DOMAIN ' +
      'USER ROLE LOGIN POLICY EVENT SYNONYM CREDENTIAL',
  ],
  [ACCOUNT, 'USER ROLE LOGIN GROUP CREDENTIAL'],
  [
    MODIFIER,
    'ONLY LATERAL TABLE IGNORE LOW_PRIORITY HIGH_PRIORITY QUICK DELAYED IF NOT EXISTS ' +
      'CONCURRENTLY ON INTO OR REPLACE ROLLBACK ABORT FAIL TOP',
  ],
  [TRANSACTION, 'TRANSACTION TRAN WORK TO SAVEPOINT'],
  [
    SOURCES_END,
    'WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH WINDOW FOR RETURNING SET VALUES UNION INTERSECT ' +
      'EXCEPT MINUS START CONNECT',
  ],
  [
    BEFORE_NAME,
    'AS BY SET INTO TABLE COLUMN CONSTRAINT KEY TO SAVEPOINT RELEASE FROM JOIN UPDATE INDEX VIEW ' +
      'TRIGGER REFERENCES EXISTS',
  ],
  [
    SECRET,
    'PASSWORD OLD_PASSWORD MEDIAPASSWORD MASTER_PASSWORD SOURCE_PASSWORD SECRET PASSPHRASE ' +
      'ENCRYPTION_PASSPHRASE KEY_SOURCE IDENTITY_VALUE',
  ],
  [AFTER_NAME, 'IS IN LIKE GLOB NOT BETWEEN ASC DESC COLLATE REGEXP MATCH'],
];

const OTHERS =
  'WITH RECURSIVE FROM JOIN USING INTO DISTINCT ANALYZE AS ON IN IDENTIFIED BY DEFAULT ' +
  'VERBOSE AND WHEN THEN ELSE ALL TABLES SEQUENCES FUNCTIONS OR NULL TRUE FALSE ' +
  'STRAIGHT_JOIN CROSS OUTER APPLY';

const WORDS = new Map(allKeywords().map((keyword) => [keyword.word, keyword]));
const LONGEST = Math.max(...[...WORDS.keys()].map(({ length }) => length));

/** A keyword that code compares with, told by identity. */
export const KEYWORDS = Object.freeze({
  all: named('ALL'),
  alter: named('ALTER'),
  analyze: named('ANALYZE'),
  apply: named('APPLY'),
  as: named('AS'),
  attach: named('ATTACH'),
  begin: named('BEGIN'),
  by: named('BY'),
  copy: named('COPY'),
  create: named('CREATE'),
  cross: named('CROSS'),
  database: named('DATABASE'),
  default: named('DEFAULT'),
  distinct: named('DISTINCT'),
  end: named('END'),
  exec: named('EXEC'),
  execute: named('EXECUTE'),
  false: named('FALSE'),
  for: named('FOR'),
  from: named('FROM'),
  identified: named('IDENTIFIED'),
  in: named('IN'),
  into: named('INTO'),
  join: named('JOIN'),
  key: named('KEY'),
  on: named('ON'),
  or: named('OR'),
  outer: named('OUTER'),
  pragma: named('PRAGMA'),
  release: named('RELEASE'),
  replace: named('REPLACE'),
  rollback: named('ROLLBACK'),
  save: named('SAVE'),
  savepoint: named('SAVEPOINT'),
  select: named('SELECT'),
  set: named('SET'),
  straightJoin: named('STRAIGHT_JOIN'),
  to: named('TO'),
  true: named('TRUE'),
  update: named('UPDATE'),
  using: named('USING'),
  vacuum: named('VACUUM'),
  values: named('VALUES'),
  with: named('WITH'),
});

/** Returns the keyword at a place of a statement, or undefined. */
export function keywordAt(sql: string, start: number, end: number): Keyword | undefined {
  return end - start > LONGEST ? undefined : WORDS.get(sql.slice(start, end).toUpperCase());
}

function allKeywords(): Keyword[] {
  const spelled = [...OPERATION_WORDS, ...FLAG_WORDS].flatMap(([, text]) => text.split(' '));
  const words = new Set([...spelled, ...OTHERS.split(' ')]);
  return [...words].map((word) => ({
    word,
    operation: OPERATION_WORDS.find(([, text]) => text.split(' ').includes(word))?.[0] ?? 0,
    flags: FLAG_WORDS.filter(([, text]) => text.split(' ').includes(word)).reduce(
      (flags, [flag]) => flags | flag,
      0,
    ),
  }));
}

function named(word: string): Keyword {
  const keyword = WORDS.get(word);
  if (keyword === undefined) throw new Error(`${word} is no keyword.`);
  return keyword;
}
