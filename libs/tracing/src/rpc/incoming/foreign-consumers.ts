import { SpanKind, trace } from '@opentelemetry/api';
import { isObject } from '../../span/is-object.js';
import { shadowMethod } from '../../span/results/own-method.js';
import type { TransportName } from '../conventions.js';
import { StandIns } from '../stand-ins.js';
import { originalOf } from '../wrapped.js';

/** How a server of Nest's begins to consume by a broker's library that OpenTelemetry can instrument. */
interface Library {
  readonly name: string;
  /** The method of the server that is given what it consumes with. */
  readonly setUp: string;
  /** The method of that, by which it consumes. */
  readonly consume: string;
}

const LIBRARIES: Partial<Record<TransportName, Library>> = {
  rmq: { name: 'amqplib', setUp: 'setupChannel', consume: 'consume' },
  kafka: { name: 'kafkajs', setUp: 'bindEvents', consume: 'run' },
};

/** What can be read of a span that an SDK has made. */
interface MadeSpan {
  readonly kind?: SpanKind;
  readonly instrumentationScope?: { readonly name: string };
}

/**
 * Keeps another instrumentation of a broker's library from what Nest's servers consume: OpenTelemetry's end
 * their spans when the consumer has returned, which knows nothing of a handler's end and errors. Those of
 * what else consumes stay. A message that has come with a span of theirs all the same has none of ours.
 */
export class ForeignConsumers {
  readonly #say: (message: string) => void;
  readonly #said = new Set<string>();

  constructor(say: (message: string) => void) {
    this.#say = say;
  }

  /** Has a server consume without it. Returns how to let the server be. */
  keepFrom(server: object, transport: TransportName): () => void {
    const library = LIBRARIES[transport];
    const standIns = new StandIns();
    if (library === undefined) return () => undefined;
    standIns.put(server, library.setUp, (original, args) => {
      const undo = this.#bare(args[0], library);
      if (undo === undefined) return original(args);
      const isSetUp = original(args);
      if (isSetUp instanceof Promise) return isSetUp.finally(undo);
      undo();
      return isSetUp;
    });
    return () => standIns.takeOut();
  }

  /** Whether the message at hand has its span from somebody else. Says so the first time. */
  handle(transport: TransportName): boolean {
    const library = LIBRARIES[transport];
    if (library === undefined) return false;
    const span = trace.getActiveSpan() as MadeSpan | undefined;
    if (span?.kind !== SpanKind.CONSUMER) return false;
    const name = `instrumentation-${library.name}`;
    if (span.instrumentationScope?.name.endsWith(name) !== true) return false;
    this.#sayOnce(leftToOthers(name));
    return true;
  }

  /** Puts the method that was wrapped over its wrapper, on this consumer alone. */
  #bare(consumer: unknown, { name, consume }: Library): (() => void) | undefined {
    if (!isObject(consumer)) return undefined;
    const original = originalOf(consumer, consume);
    if (original === undefined) return undefined;
    this.#sayOnce(keptOut(name));
    return shadowMethod(consumer, consume, original);
  }

  #sayOnce(message: string): void {
    if (!this.#said.has(message)) this.#say(message);
    this.#said.add(message);
  }
}

function keptOut(library: string): string {
  return (
    `Another instrumentation of ${library} is here as well. It opens no spans for what Nest's servers ` +
    'receive: they have those of this package, which last until the handler has ended. Set ' +
    'microservices.incoming to false to have its spans instead, or remove it (sdk.instrumentations, or ' +
    'the preload that brings it).'
  );
}

function leftToOthers(name: string): string {
  return (
    `${name} traces the messages that come in, so this package opens no spans for them. Remove it ` +
    '(sdk.instrumentations, or the preload that brings it) to have ours, or set microservices.incoming ' +
    'to false to leave it so without this message.'
  );
}
