/** What follows an operation, and with it where its targets stand. */
export const NO_OPERATION = 0;
/** Targets come after FROM, JOIN and USING. */
export const READS = 1;
/** The target comes at once or after INTO. */
export const INTO = 2;
/** Targets come at once, up to SET. */
export const UPDATES = 3;
/** One target comes at once. */
export const NAMES = 4;
/** Targets come at once. */
export const LISTS = 5;
/** The kind of an object comes next, then its name. */
export const DEFINES = 6;
/** As DEFINES, with several names. */
export const DROPS = 7;
/** Another statement comes next. */
export const EXPLAINS = 8;
/** The target comes after ON. */
export const GRANTS = 9;
/** No target. */
export const CONTROLS = 10;

/** What else a keyword is, as bits. */
export const NESTED = 1;
/** Something that CREATE, ALTER and DROP define. */
export const OBJECT = 2;
/** An object whose names are of people. */
export const ACCOUNT = 4;
/** May stand between an operation and its target. */
export const MODIFIER = 8;
/** Belongs to a transaction's operation. */
export const TRANSACTION = 16;
/** Ends a list of sources. */
export const SOURCES_END = 32;
/** A name follows. */
export const BEFORE_NAME = 64;
/** Follows a column that is compared or sorted. */
export const AFTER_NAME = 128;

/** A word that means something. */
export interface Keyword {
  readonly word: string;
  readonly operation: number;
  readonly flags: number;
}

const OPERATION_WORDS: readonly (readonly [number, string])[] = [
  [READS, 'SELECT DELETE'],
  [INTO, 'INSERT REPLACE MERGE'],
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
      'ATTACH DETACH RENAME',
  ],
];

const FLAG_WORDS: readonly (readonly [number, string])[] = [
  [NESTED, 'SELECT INSERT UPDATE DELETE MERGE'],
  [
    OBJECT,
    'TABLE VIEW INDEX SCHEMA DATABASE TYPE SEQUENCE EXTENSION FUNCTION PROCEDURE TRIGGER DOMAIN ' +
      'USER ROLE LOGIN POLICY EVENT SYNONYM',
  ],
  [ACCOUNT, 'USER ROLE LOGIN GROUP'],
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
  [AFTER_NAME, 'IS IN LIKE GLOB NOT BETWEEN ASC DESC COLLATE REGEXP MATCH'],
];

const OTHERS =
  'WITH RECURSIVE FROM JOIN USING INTO DISTINCT ANALYZE AS ON IN IDENTIFIED BY PASSWORD DEFAULT ' +
  'VERBOSE AND WHEN THEN ELSE ALL TABLES SEQUENCES FUNCTIONS OR NULL';

const SLOTS = 2048;

const slots: (Keyword | undefined)[] = Array.from({ length: SLOTS });
for (const keyword of allKeywords()) place(keyword);

/** A keyword that code compares with, told by identity. */
export const KEYWORDS = Object.freeze({
  all: named('ALL'),
  alter: named('ALTER'),
  analyze: named('ANALYZE'),
  as: named('AS'),
  attach: named('ATTACH'),
  by: named('BY'),
  copy: named('COPY'),
  create: named('CREATE'),
  default: named('DEFAULT'),
  distinct: named('DISTINCT'),
  exec: named('EXEC'),
  execute: named('EXECUTE'),
  from: named('FROM'),
  identified: named('IDENTIFIED'),
  in: named('IN'),
  into: named('INTO'),
  join: named('JOIN'),
  key: named('KEY'),
  on: named('ON'),
  or: named('OR'),
  password: named('PASSWORD'),
  pragma: named('PRAGMA'),
  release: named('RELEASE'),
  replace: named('REPLACE'),
  rollback: named('ROLLBACK'),
  save: named('SAVE'),
  savepoint: named('SAVEPOINT'),
  select: named('SELECT'),
  set: named('SET'),
  to: named('TO'),
  using: named('USING'),
  vacuum: named('VACUUM'),
  values: named('VALUES'),
  with: named('WITH'),
});

/** The step of a hash that does not tell upper from lower case. */
export function hashStep(hash: number, code: number): number {
  return (Math.imul(hash, 31) + (code | 32)) | 0;
}

/**
 * The keyword at a place of a statement, or undefined.
 *
 * @param hash of its characters
 */
export function keywordAt(
  sql: string,
  start: number,
  end: number,
  hash: number,
): Keyword | undefined {
  for (let slot = hash & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
    const keyword = slots[slot];
    if (keyword === undefined) return undefined;
    if (isSpelled(keyword.word, sql, start, end)) return keyword;
  }
}

function isSpelled(word: string, sql: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let at = 0; at < word.length; at += 1) {
    const code = sql.charCodeAt(start + at);
    const upper = code >= 97 && code <= 122 ? code - 32 : code;
    if (upper !== word.charCodeAt(at)) return false;
  }
  return true;
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

function hashOf(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at += 1) hash = hashStep(hash, word.charCodeAt(at));
  return hash;
}

function place(keyword: Keyword): void {
  let slot = hashOf(keyword.word) & (SLOTS - 1);
  while (slots[slot] !== undefined) slot = (slot + 1) & (SLOTS - 1);
  slots[slot] = keyword;
}

function named(word: string): Keyword {
  const keyword = keywordAt(word, 0, word.length, hashOf(word));
  if (keyword === undefined) throw new Error(`${word} is no keyword.`);
  return keyword;
}
