import { once } from 'node:events';
import type { DemoRequest } from '../checks/demo-requests.js';
import { say } from './say.js';

/** Asks the demo's gateway for a key and answers, in words, what is wrong with what comes back. */
export async function askLive(
  service: string,
  { path, key }: DemoRequest,
  limitMillis: number,
): Promise<string[]> {
  const url = `${service.replace('http', 'ws')}${path}`;
  const socket = new WebSocket(url);
  const signal = AbortSignal.timeout(limitMillis);
  await once(socket, 'open', { signal });
  const answered = once(socket, 'message', { signal }) as Promise<[{ data: string }]>;
  socket.send(JSON.stringify({ event: 'lookup', data: key }));
  const [{ data }] = await answered;
  socket.close();
  const { event } = JSON.parse(data) as { event: string };
  say(`SEND ${url} lookup ${key} → ${event}  (a message of a WebSocket)`);
  return event === 'found' ? [] : [`${url}: ${event} instead of found`];
}
