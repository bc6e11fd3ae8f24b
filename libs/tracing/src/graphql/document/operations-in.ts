import { tokensOf } from './document-lexer.js';

/** What an operation does. */
type OperationType = 'query' | 'mutation' | 'subscription';

/** What a document tells of one of its operations. */
interface DocumentOperation {
  readonly type: OperationType;
  readonly name: string | undefined;
  /** Whether it asks for nothing but the schema, or for `__typename`. */
  readonly isIntrospection: boolean;
}

const TYPES = new Set<string>(['query', 'mutation', 'subscription']);

/**
 * Reads the operations of a document, without a parser: that is the application's, and where it refuses a
 * document there is a span all the same.
 */
function operationsIn(document: string): readonly DocumentOperation[] {
  const reader = new OperationReader();
  for (const { start, end } of tokensOf(document)) reader.read(document.slice(start, end));
  return reader.operations;
}

/**
 * Returns the operation that is to be executed.
 *
 * @param name as the client sent it beside the document, where there are several
 */
export function operationIn(
  document: string,
  name: string | undefined,
): DocumentOperation | undefined {
  const operations = operationsIn(document);
  if (name === undefined) return operations.length === 1 ? operations[0] : undefined;
  return operations.find((operation) => operation.name === name);
}

/** One definition at the top of a document, while it is read. */
interface Definition {
  /** Undefined for a fragment, or what else there may be. */
  readonly type: OperationType | undefined;
  name: string | undefined;
  fields: number;
  isIntrospection: boolean;
}

class OperationReader {
  readonly operations: DocumentOperation[] = [];
  #definition: Definition | undefined;
  #before = '';
  #braces = 0;
  #parentheses = 0;
  /** A field's name, which may yet turn out to be its alias. */
  #field: string | undefined;

  read(token: string): void {
    if (token === '(') this.#parentheses += 1;
    else if (token === ')') this.#parentheses -= 1;
    else if (this.#parentheses <= 0) this.#readOutside(token);
    this.#before = token;
  }

  /** Outside of arguments and variables, whose objects have braces as well. */
  #readOutside(token: string): void {
    if (this.#braces === 0) this.#readHead(token);
    else if (this.#braces === 1) this.#readField(token);
    if (token === '{') this.#braces += 1;
    else if (token === '}') this.#close();
  }

  #readHead(token: string): void {
    if (token === '{') {
      this.#definition ??= define('query');
    } else if (this.#definition === undefined) {
      this.#definition = define(TYPES.has(token) ? (token as OperationType) : undefined);
    } else if (TYPES.has(this.#before) && /^[A-Za-z_]/.test(token)) {
      this.#definition.name ??= token;
    }
  }

  #readField(token: string): void {
    if (token === ':') {
      this.#field = undefined;
      return;
    }
    this.#countField();
    if (token === '...') this.#notIntrospection();
    else if (/^[A-Za-z_]/.test(token) && !['@', '...'].includes(this.#before)) this.#field = token;
  }

  #countField(): void {
    const definition = this.#definition;
    if (this.#field === undefined || definition === undefined) return;
    definition.fields += 1;
    if (!this.#field.startsWith('__')) this.#notIntrospection();
    this.#field = undefined;
  }

  #notIntrospection(): void {
    if (this.#definition !== undefined) this.#definition.isIntrospection = false;
  }

  #close(): void {
    this.#braces -= 1;
    if (this.#braces > 0) return;
    this.#braces = 0;
    const definition = this.#definition;
    this.#definition = undefined;
    if (definition?.type === undefined) return;
    const { type, name, fields } = definition;
    this.operations.push({ type, name, isIntrospection: fields > 0 && definition.isIntrospection });
  }
}

function define(type: OperationType | undefined): Definition {
  return { type, name: undefined, fields: 0, isIntrospection: true };
}
