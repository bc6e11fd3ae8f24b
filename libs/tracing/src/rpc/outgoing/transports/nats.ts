import { isObject } from '../../../span/is-object.js';
import { isNatsHeaders } from '../../carriers/read-carrier.js';
import type { Method, StandIns } from '../../stand-ins.js';
import { carriedFields } from '../carried-context.js';
import type { ClientShape } from '../client-shape.js';

/** A client of NATS, as far as it is looked at. */
interface NatsClient extends ClientShape {
  readonly options?: { readonly headers?: object };
  readonly natsClient?: { readonly info?: { readonly headers?: unknown } } | null;
  readonly mergeHeaders: Method;
}

/** Holds headers: `MsgHdrs`. */
interface NatsHeaders extends Iterable<readonly [name: string, values: readonly string[]]> {
  append(name: string, value: string): void;
}

/**
 * Gives messages of NATS their headers, beside those of the client's options and of the record.
 *
 * @param say told once of a server that has no headers: a message with some would be refused
 */
export function carryInNatsHeaders(
  client: ClientShape,
  standIns: StandIns,
  say: (message: string) => void,
): void {
  const nats = client as NatsClient;
  const { mergeHeaders } = nats;
  let isSaid = false;
  standIns.put(client, 'mergeHeaders', (original, args) => {
    const [given] = args as unknown[];
    const fields = carriedFields(given);
    if (fields === undefined || (isObject(given) && !isNatsHeaders(given))) return original(args);
    if (nats.natsClient?.info?.headers === false) {
      if (!isSaid) say(WITHOUT_HEADERS);
      isSaid = true;
      return original(args);
    }
    const statics = nats.options?.headers;
    const own = statics !== undefined && carriedFields(statics) === undefined ? {} : fields;
    return mergedWith(mergeHeaders, { ...own, ...statics }, given);
  });
}

/**
 * Nest adds a client's static headers to the record's own object, or to new headers: what it is called
 * on here has ours among the static ones, and a copy of the record's to add them to.
 */
function mergedWith(mergeHeaders: Method, headers: object, given: unknown): unknown {
  const merge = (statics: object, record: unknown): unknown =>
    Reflect.apply(mergeHeaders, { options: { headers: statics } }, [record as never]);
  if (!isObject(given)) return merge(headers, undefined);
  const copy = merge({}, undefined) as NatsHeaders;
  for (const [name, values] of given as NatsHeaders) {
    for (const value of values) copy.append(name, value);
  }
  return merge(headers, copy);
}

const WITHOUT_HEADERS =
  'The NATS server has no support for headers, so messages to it carry no trace context: who handles ' +
  'them starts traces of his own. NATS has headers since 2.2, unless no_header_support turns them off.';
