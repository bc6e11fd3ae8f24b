import type { StandIns } from '../../stand-ins.js';
import { carriedFields } from '../carried-context.js';
import type { ClientShape } from '../client-shape.js';

/** Gives messages of RabbitMQ their headers, beside those of the client's options and of the record. */
export function carryInHeaders(client: ClientShape, standIns: StandIns): void {
  standIns.put(client, 'mergeHeaders', (original, args) => {
    const headers = original(args) as object | undefined;
    const fields = carriedFields(headers);
    return fields === undefined ? headers : { ...headers, ...fields };
  });
}
