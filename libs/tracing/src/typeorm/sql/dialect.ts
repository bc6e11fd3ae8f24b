/** The lexical rules in which SQL dialects differ. */
export interface SqlDialect {
  /** Characters that open a quoted identifier. */
  readonly identifierQuotes: string;
  /** Characters that open a string. */
  readonly stringQuotes: string;
  /** Whether `\'` does not end a string. */
  readonly backslashEscapes: boolean;
  /** Whether `$tag$ … $tag$` is a string. */
  readonly dollarQuotes: boolean;
  /** Whether `q'[ … ]'` is a string. */
  readonly delimitedQuotes: boolean;
  /** Whether `#` opens a comment, and `--` only before white space. */
  readonly hashComments: boolean;
  /** Whether comments nest. */
  readonly nestedComments: boolean;
  /** Whether `:1` is a parameter; elsewhere it may be the end of an array slice. */
  readonly numberedColons: boolean;
}

const STANDARD: SqlDialect = {
  identifierQuotes: '"',
  stringQuotes: "'",
  backslashEscapes: false,
  dollarQuotes: false,
  delimitedQuotes: false,
  hashComments: false,
  nestedComments: false,
  numberedColons: false,
};

const POSTGRES: SqlDialect = { ...STANDARD, dollarQuotes: true, nestedComments: true };

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
  sqlite: { ...STANDARD, identifierQuotes: '"`[' },
  'microsoft.sql_server': { ...STANDARD, identifierQuotes: '"[', nestedComments: true },
  'oracle.db': { ...STANDARD, delimitedQuotes: true, numberedColons: true },
  'sap.hana': { ...STANDARD, numberedColons: true },
};

/** The dialect of a database, by its `db.system.name`; standard SQL if it is not known. */
export function dialectOf(systemName: string): SqlDialect {
  return DIALECTS[systemName] ?? STANDARD;
}
