import type { Session } from 'node:inspector';

type Inspector = typeof import('node:inspector');
type AnyClass = object;

interface RemoteObject {
  readonly objectId?: string;
  readonly value?: unknown;
}

interface Properties {
  readonly result: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly internalProperties?: readonly {
    readonly name: string;
    readonly value?: { readonly value?: { readonly scriptId?: string } };
  }[];
}

/**
 * Where the engine finds what is asked about: on Node's own module, which test runners with globals of their
 * own share, too. It is gone in the same turn.
 */
const SHELF = 'nestjs-tracing classes';
const ON_SHELF = `process.getBuiltinModule('node:inspector')[${JSON.stringify(SHELF)}]`;

/**
 * Asks the engine for the scripts that classes were defined in, through an inspector session of this thread
 * with itself: nothing listens, and no debugger is in the way. The URLs of all scripts together take tens of
 * milliseconds, so they are asked for only while there are scripts that it has not heard of.
 */
export class FunctionLocations {
  readonly #urls = new Map<string, string>();

  /**
   * Returns the URL of the script of each class. One that has none was not defined by a script.
   *
   * @returns undefined where there is no inspector, or it is not permitted
   */
  of(classes: readonly AnyClass[]): (string | undefined)[] | undefined {
    // Not imported: a bundler may have nothing to put in its place.
    const inspector = process.getBuiltinModule('node:inspector') as Inspector | undefined;
    if (inspector === undefined) return undefined;
    const session = new inspector.Session();
    try {
      session.connect();
    } catch {
      return undefined; // not permitted
    }
    try {
      return this.#ask(session, scriptIds(session, inspector, classes));
    } finally {
      session.disconnect();
    }
  }

  #ask(session: Session, ids: readonly (string | undefined)[]): (string | undefined)[] {
    if (ids.some((id) => id !== undefined && !this.#urls.has(id))) this.#readUrls(session);
    return ids.map((id) => (id === undefined ? undefined : (this.#urls.get(id) ?? '')));
  }

  #readUrls(session: Session): void {
    session.on('Debugger.scriptParsed', ({ params }) => {
      this.#urls.set(params.scriptId, params.url);
    });
    post(session, 'Debugger.enable');
    post(session, 'Debugger.disable');
  }
}

function scriptIds(
  session: Session,
  inspector: Inspector,
  classes: readonly AnyClass[],
): (string | undefined)[] {
  Object.defineProperty(inspector, SHELF, { value: classes, configurable: true });
  const held = post<{ result: RemoteObject }>(session, 'Runtime.evaluate', {
    expression: ON_SHELF,
  });
  Reflect.deleteProperty(inspector, SHELF);
  const listed = propertiesOf(session, held.result).result;
  const byIndex = new Map(listed.map(({ name, value }) => [name, value]));
  return classes.map((_, index) => {
    const { internalProperties = [] } = propertiesOf(session, byIndex.get(String(index)));
    return internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value
      ?.scriptId;
  });
}

function propertiesOf(session: Session, object: RemoteObject | undefined): Properties {
  return post(session, 'Runtime.getProperties', {
    objectId: object?.objectId,
    ownProperties: true,
  });
}

/** The session is with this very thread, so what it answers is there when `post` returns. */
function post<T>(session: Session, method: string, params: object = {}): T {
  let answer: { readonly result: T } | undefined;
  let failure: Error | null = null;
  session.post(method, params, (error: Error | null, result?: object) => {
    failure = error;
    answer = { result: result as T };
  });
  if (failure !== null) throw failure as Error;
  if (answer === undefined) throw new Error(`The inspector did not answer ${method}`);
  return (answer as { readonly result: T }).result;
}
