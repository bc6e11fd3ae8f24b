import type { CharacterClasses } from './tokens/characters.js';
import { characterClasses } from './tokens/characters.js';

/** The lexical rules in which SQL dialects differ. */
export interface SqlDialect {
  /** Characters that open a quoted identifier. */
  readonly identifierQuotes: string;
  /** Characters that open a string. */
  readonly stringQuotes: string;
  /** Whether `"…"` is a string wherever it cannot be a name, as SQLite has it. */
  readonly looseDoubleQuotes: boolean;
  /** Whether `\'` does not end a string. */
  readonly backslashEscapes: boolean;
  /** Whether `$tag$ … $tag$` is a string. */
  readonly dollarQuotes: boolean;
  /** Whether `$1` is a parameter; elsewhere it may be an amount of money. */
  readonly dollarParameters: boolean;
  /** Whether `?1` is a parameter. */
  readonly numberedQuestions: boolean;
  /** Whether `q'[ … ]'` is a string. */
  readonly delimitedQuotes: boolean;
  /** Whether `#` opens a comment, and `--` only before white space. */
  readonly hashComments: boolean;
  /** Whether comments nest. */
  readonly nestedComments: boolean;
  /** Whether `:1` is a parameter; elsewhere it may be the end of an array slice. */
  readonly numberedColons: boolean;
  /** The class of each character. */
  readonly classes: CharacterClasses;
}

const PLAIN_CLASSES = characterClasses(false);
const HASH_CLASSES = characterClasses(true);

const STANDARD: SqlDialect = {
  identifierQuotes: '"',
  stringQuotes: "'",
  looseDoubleQuotes: false,
  backslashEscapes: false,
  dollarQuotes: false,
  dollarParameters: false,
  numberedQuestions: false,
  delimitedQuotes: false,
  hashComments: false,
  nestedComments: false,
  numberedColons: false,
  classes: PLAIN_CLASSES,
};

const POSTGRES: SqlDialect = {
  ...STANDARD,
  dollarQuotes: true,
  dollarParameters: true,
  nestedComments: true,
};

const MYSQL: SqlDialect = {
  ...STANDARD,
  identifierQuotes: '`',
  stringQuotes: `'"`,
  backslashEscapes: true,
  hashComments: true,
};

const DIALECTS: Readonly<Record<string, SqlDialect>> = {
  postgresql: POSTGRES,
  cockroachdb: POSTGRES,
  mysql: MYSQL,
  mariadb: MYSQL,
  'gcp.spanner': MYSQL,
  sqlite: {
    ...STANDARD,
    identifierQuotes: '"`[',
    looseDoubleQuotes: true,
    dollarParameters: true,
    numberedQuestions: true,
  },
  'microsoft.sql_server': {
    ...STANDARD,
    identifierQuotes: '"[',
    nestedComments: true,
    classes: HASH_CLASSES,
  },
  'oracle.db': {
    ...STANDARD,
    delimitedQuotes: true,
    numberedColons: true,
    classes: HASH_CLASSES,
  },
  'sap.hana': { ...STANDARD, numberedColons: true, classes: HASH_CLASSES },
};

/** Returns the dialect of a database, by its `db.system.name`; standard SQL if it is not known. */
export function dialectOf(systemName: string): SqlDialect {
  return DIALECTS[systemName] ?? STANDARD;
}
