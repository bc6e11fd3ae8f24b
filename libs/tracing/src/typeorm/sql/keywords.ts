/** What follows an operation, and with it where its targets stand. */
export type Operation =
  /** Targets come after FROM, JOIN and USING. */
  | 'reads'
  /** The target comes after INTO. */
  | 'into'
  /** Targets come at once, up to SET. */
  | 'updates'
  /** One target comes at once. */
  | 'names'
  /** The kind of an object comes next, then its name. */
  | 'defines'
  /** Another statement comes next. */
  | 'explains'
  /** No target. */
  | 'controls';

const WORDS: Readonly<Record<Operation, string>> = {
  reads: 'SELECT DELETE',
  into: 'INSERT REPLACE MERGE',
  updates: 'UPDATE',
  names: 'TRUNCATE CALL EXEC EXECUTE PRAGMA',
  defines: 'CREATE ALTER DROP',
  explains: 'EXPLAIN',
  controls:
    'START BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE SET RESET SHOW USE LOCK UNLOCK GRANT REVOKE ' +
    'COMMENT COPY ANALYZE VACUUM REINDEX REFRESH LISTEN UNLISTEN NOTIFY DO DECLARE FETCH CLOSE ' +
    'PREPARE DEALLOCATE DESCRIBE DISCARD CHECKPOINT CLUSTER OPTIMIZE KILL FLUSH VALUES TABLE ' +
    'ATTACH DETACH RENAME',
};

/** Operations that open a statement, by their word in upper case. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  (Object.keys(WORDS) as Operation[]).flatMap((operation) =>
    words(WORDS[operation]).map((word) => [word, operation] as const),
  ),
);

/** The only operations that may stand in parentheses. */
export const NESTED_OPERATIONS = new Set(words('SELECT INSERT UPDATE DELETE MERGE'));

/** What CREATE, ALTER and DROP define. */
export const OBJECTS = new Set(
  words(
    'TABLE VIEW INDEX SCHEMA DATABASE TYPE SEQUENCE EXTENSION FUNCTION PROCEDURE TRIGGER DOMAIN ' +
      'USER ROLE POLICY EVENT SYNONYM',
  ),
);

/** Objects whose names are of people. */
export const PRIVATE_OBJECTS = new Set(words('USER ROLE'));

/** Words between an operation and its target. */
export const MODIFIERS = new Set(
  words('ONLY LATERAL TABLE IGNORE LOW_PRIORITY QUICK DELAYED IF NOT EXISTS CONCURRENTLY ON'),
);

/** Words that belong to a transaction's operation. */
export const TRANSACTION_WORDS = new Set(words('TRANSACTION TO SAVEPOINT'));

/** Words that end a list of sources. */
export const SOURCES_END = new Set(
  words(
    'WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH WINDOW FOR RETURNING SET VALUES ' +
      'UNION INTERSECT EXCEPT MINUS',
  ),
);

function words(text: string): string[] {
  return text.split(' ');
}
