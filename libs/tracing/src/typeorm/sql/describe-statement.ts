import { BareValues } from './values/bare-values.js';
import type { SqlDialect } from './dialect.js';
import { DoubleQuotes } from './values/double-quotes.js';
import type { Keyword } from './tokens/keywords.js';
import { KEYWORDS } from './tokens/keywords.js';
import {
  END,
  IDENTIFIER,
  LITERAL,
  MAX_TOKENS,
  PARAMETER,
  SYMBOL,
  SqlLexer,
} from './tokens/lexer.js';
import { Secrets } from './values/secrets.js';
import { SummaryReader } from './summary/summary-reader.js';
import { TextWriter } from './text-writer.js';
import { withoutComments } from './without-comments.js';

const [OPENING, CLOSING, COMMA, QUESTION, DOUBLE_QUOTE] = [40, 41, 44, 63, 34];

/** The description of a statement, without a value. */
interface StatementDescription {
  /** `db.query.summary`; undefined if the statement opens with no known operation. */
  readonly summary: string | undefined;
  /** `db.query.text`. */
  readonly text: string;
}

/**
 * Describes a statement in linear time. One with parameters is told as it is, but for its comments: who
 * passes values apart keeps them out of the text. Any other is told without its literals, up to 4,096
 * tokens.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#sanitization-of-dbquerytext
 */
export function describeStatement(
  sql: string,
  dialect: SqlDialect,
  asItIs: boolean,
): StatementDescription {
  const description = new StatementDescriber(sql, dialect, asItIs);
  description.read();
  return description;
}

class StatementDescriber implements StatementDescription {
  readonly #sql: string;
  readonly #dialect: SqlDialect;
  readonly #lexer: SqlLexer;
  readonly #reader: SummaryReader;
  readonly #writer: TextWriter | undefined;
  readonly #secrets: Secrets;
  readonly #bareValues: BareValues;
  readonly #doubleQuotes: DoubleQuotes | undefined;
  #previous: Keyword | undefined;

  constructor(sql: string, dialect: SqlDialect, asItIs: boolean) {
    this.#sql = sql;
    this.#dialect = dialect;
    this.#lexer = new SqlLexer(sql, dialect);
    this.#secrets = new Secrets(sql);
    this.#bareValues = new BareValues(sql);
    this.#reader = new SummaryReader(sql);
    this.#writer = asItIs ? undefined : new TextWriter(sql);
    this.#doubleQuotes = dialect.looseDoubleQuotes ? new DoubleQuotes(sql) : undefined;
  }

  get summary(): string | undefined {
    return this.#reader.summary;
  }

  get text(): string {
    if (this.#writer !== undefined) return this.#writer.text();
    return withoutComments(this.#sql, this.#dialect);
  }

  read(): void {
    const lexer = this.#lexer;
    const reader = this.#reader;
    const writer = this.#writer;
    lexer.next();
    for (let left = MAX_TOKENS; left > 0 && lexer.kind !== END; left -= 1) {
      const { start, end, keyword, afterBlank } = lexer;
      const found = lexer.kind;
      lexer.next();
      const kind = this.#doubleQuotes === undefined ? found : this.#judged(found, start, keyword);
      if (writer !== undefined) {
        if (afterBlank) writer.blank();
        this.#write(writer, kind, start, end, keyword, afterBlank);
      }
      if (!this.#bareValues.isInData) reader.read(kind, start, end, keyword, lexer);
      this.#previous = keyword;
    }
    reader.finish();
  }

  #judged(kind: number, start: number, keyword: Keyword | undefined): number {
    const quotes = this.#doubleQuotes as DoubleQuotes;
    const isLoose = kind === IDENTIFIER && this.#sql.charCodeAt(start) === DOUBLE_QUOTE;
    const judged = isLoose && !quotes.isName(this.#reader, this.#lexer) ? LITERAL : kind;
    quotes.read(judged, start, keyword);
    return judged;
  }

  #write(
    writer: TextWriter,
    kind: number,
    start: number,
    end: number,
    keyword: Keyword | undefined,
    afterBlank: boolean,
  ): void {
    const code = this.#sql.charCodeAt(start);
    const isBare = this.#bareValues.isValue(kind, keyword, code, this.#lexer);
    const isSecret = this.#secrets.isSecret(kind, start, end, keyword, afterBlank);
    if (isBare || isSecret || kind === LITERAL) writer.value();
    else if (kind === SYMBOL) this.#writeSymbol(writer, code);
    else if (kind === PARAMETER && code === QUESTION && end === start + 1) writer.value();
    else writer.copy(start, end);
  }

  #writeSymbol(writer: TextWriter, code: number): void {
    if (code === OPENING && this.#previous === KEYWORDS.in) writer.openList();
    else if (code === COMMA) writer.comma();
    else if (code === CLOSING) writer.close();
    else writer.symbol(code);
  }
}
