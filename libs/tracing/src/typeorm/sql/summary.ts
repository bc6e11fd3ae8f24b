import type { Frame } from './frame.js';
import { endSources, openFrame } from './frame.js';
import {
  MODIFIERS,
  NESTED_OPERATIONS,
  OBJECTS,
  OPERATIONS,
  PRIVATE_OBJECTS,
  SOURCES_END,
  TRANSACTION_WORDS,
} from './keywords.js';
import type { Operation } from './keywords.js';
import type { SqlToken } from './scan.js';

const MAX_LENGTH = 255;

/**
 * The summary of a statement, by which its span is named: operations and their targets in the order
 * and the spelling of the text, such as `INSERT shipping_details SELECT orders`. It never holds a
 * value. Undefined if the statement opens with no operation that is known.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query
 */
export function summarizeSql(tokens: readonly SqlToken[]): string | undefined {
  const parts = new SummaryReader(tokens.filter((token) => token.kind !== 'blank')).read();
  let summary = parts[0];
  for (const part of parts.slice(1)) {
    const longer = `${summary} ${part}`;
    if (longer.length > MAX_LENGTH) break;
    summary = longer;
  }
  return summary?.slice(0, MAX_LENGTH);
}

class SummaryReader {
  readonly #tokens: readonly SqlToken[];
  readonly #parts: string[] = [];
  readonly #expressions = new Set<string>();
  #frames: Frame[] = [];
  #frame: Frame = openFrame(false);
  #at = 0;

  constructor(tokens: readonly SqlToken[]) {
    this.#tokens = tokens;
  }

  read(): string[] {
    for (let token = this.#take(); token !== undefined; token = this.#take()) {
      if (token.kind === 'symbol') this.#symbol(token.text);
      else if (token.kind === 'word') this.#word(token.text);
      else if (token.kind === 'identifier') this.#name(token.text);
      else this.#frame.expectsTarget = false;
    }
    return this.#parts;
  }

  #take(): SqlToken | undefined {
    return this.#tokens[this.#at++];
  }

  /** The word that comes next, in upper case, or the symbol. */
  #next(): string {
    return this.#tokens[this.#at]?.text.toUpperCase() ?? '';
  }

  #symbol(text: string): void {
    if (text === '(') this.#open();
    else if (text === ')') this.#frame = this.#frames.pop() ?? this.#frame;
    else if (text === ',') this.#frame.expectsTarget = this.#frame.listsTargets;
    else if (text === ';') this.#restart();
  }

  /** `FROM (a JOIN b)` and `FROM (SELECT …)`: what was expected outside is expected inside. */
  #open(): void {
    const outer = this.#frame;
    this.#frames.push(outer);
    this.#frame = openFrame(outer.expectsTarget);
    outer.expectsTarget = false;
  }

  #restart(): void {
    this.#frames = [];
    this.#frame = openFrame(false);
  }

  #word(text: string): void {
    const word = text.toUpperCase();
    const frame = this.#frame;
    const operation = this.#operationAt(word);
    if (operation !== undefined) return this.#begin(operation, text);
    if (frame.opens && word === 'WITH') frame.listsNames = true;
    frame.opens &&= frame.listsNames || frame.operation === 'explains';
    if (frame.operation === 'defines') this.#define(text, word);
    else if (SOURCES_END.has(word)) endSources(frame);
    else if (frame.expectsTarget || frame.listsNames) this.#name(text);
    else this.#clause(word);
  }

  #operationAt(word: string): Operation | undefined {
    const nested = this.#frames.length > 0;
    if (!this.#frame.opens && word !== 'SELECT') return undefined;
    if (nested && !NESTED_OPERATIONS.has(word)) return undefined;
    if (this.#frame.operation === 'explains' && word === 'ANALYZE') return undefined;
    return this.#next() === '(' && word !== 'SELECT' ? undefined : OPERATIONS.get(word);
  }

  #begin(operation: Operation, text: string): void {
    const targets = operation === 'updates' || operation === 'names';
    Object.assign(this.#frame, {
      operation,
      opens: operation === 'explains',
      expectsTarget: targets,
      listsTargets: operation === 'updates',
      listsNames: false,
    });
    this.#parts.push(operation === 'controls' ? this.#withTransactionWords(text) : text);
  }

  #withTransactionWords(text: string): string {
    let whole = text;
    while (TRANSACTION_WORDS.has(this.#next())) whole += ` ${this.#take()?.text}`;
    return whole;
  }

  /** `CREATE UNIQUE INDEX "i"`: words up to the kind of the object are left out, then comes its name. */
  #define(text: string, word: string): void {
    if (!OBJECTS.has(word)) return;
    this.#parts.push(`${this.#parts.pop()} ${text}`);
    this.#frame.operation = 'names';
    this.#frame.expectsTarget = !PRIVATE_OBJECTS.has(word);
  }

  #clause(word: string): void {
    const frame = this.#frame;
    if (word === 'FROM')
      this.#sources(frame.operation === 'reads' || frame.operation === 'updates');
    else if (word === 'JOIN') frame.expectsTarget = frame.listsTargets;
    else if (word === 'USING') this.#sources(this.#usingNamesSources());
    else if (word === 'INTO') frame.expectsTarget = frame.operation === 'into';
  }

  /** `IS DISTINCT FROM` compares, it names no source. */
  #sources(follow: boolean): void {
    if (!follow || this.#tokens[this.#at - 2]?.text.toUpperCase() === 'DISTINCT') return;
    this.#frame.expectsTarget = true;
    this.#frame.listsTargets = true;
  }

  #usingNamesSources(): boolean {
    const { operation } = this.#frame;
    return (operation === 'reads' || operation === 'into') && this.#next() !== '(';
  }

  /** A name is a target, a common table expression, or not of interest. */
  #name(text: string): void {
    const frame = this.#frame;
    if (frame.listsNames) return this.#expression(text);
    if (!frame.expectsTarget || MODIFIERS.has(text.toUpperCase())) return;
    frame.expectsTarget = false;
    const name = this.#qualified(text);
    if (!this.#expressions.has(name.toUpperCase())) this.#parts.push(name);
  }

  #expression(text: string): void {
    if (this.#next() === 'AS' || this.#next() === '(') {
      this.#expressions.add(text.toUpperCase());
    }
  }

  #qualified(first: string): string {
    let name = first;
    while (this.#next() === '.') {
      const part = this.#tokens[this.#at + 1];
      if (part?.kind !== 'word' && part?.kind !== 'identifier') break;
      name += `.${part.text}`;
      this.#at += 2;
    }
    return name;
  }
}
