import { trace } from '@opentelemetry/api';
import { readGuarded } from '../span/outcome/read-guarded.js';

const SCOPE = '@opentelemetry/instrumentation-graphql';

const FOUND =
  `${SCOPE} traces the operations of GraphQL, so this package opens no spans for them. Remove it ` +
  '(sdk.instrumentations, or the preload that brings it) to have ours, or set graphql to false to leave ' +
  'it so without this message.';

/** Looks for OpenTelemetry's own instrumentation: where it is, one of its spans is active in resolvers. */
export class ForeignOperations {
  readonly #say: (message: string) => void;
  #isFound = false;

  constructor(say: (message: string) => void) {
    this.#say = say;
  }

  /** Whether it was seen before. */
  get isFound(): boolean {
    return this.#isFound;
  }

  /** Looks at the span that is active where a resolver is called. Says so the first time. */
  look(): boolean {
    if (this.#isFound) return true;
    const scope = readGuarded(trace.getActiveSpan(), 'instrumentationScope');
    if (readGuarded(scope, 'name') !== SCOPE) return false;
    this.#isFound = true;
    this.#say(FOUND);
    return true;
  }
}
