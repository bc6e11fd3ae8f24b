import {
  CONCURRENT_REQUESTS,
  DATABASE_REQUESTS,
  LIVE_MESSAGE,
  type DemoRequest,
} from '../checks/demo-requests.js';
import { askLive } from './ask-live.js';
import { say } from './say.js';

/** Sends all requests to the service and answers, in words, what is wrong with the responses. */
export async function sendRequests(service: string, limitMillis: number): Promise<string[]> {
  const send = (request: DemoRequest) => sendRequest(service, request, limitMillis);
  const problems = await Promise.all(CONCURRENT_REQUESTS.map(send));
  for (const request of DATABASE_REQUESTS) problems.push(await send(request));
  problems.push(await askLive(service, LIVE_MESSAGE, limitMillis));
  return problems.flat();
}

async function sendRequest(
  service: string,
  request: DemoRequest,
  limitMillis: number,
): Promise<string[]> {
  const { remark, method = 'GET', query } = request;
  const url = `${service}${request.path}`;
  const { status } = await fetch(url, {
    method,
    signal: AbortSignal.timeout(limitMillis),
    ...(query === undefined ? {} : posted(query)),
  });
  say([`${method} ${url} → ${status}`, ...(remark ? [`(${remark})`] : [])].join('  '));
  return status === request.status ? [] : [`${url}: ${status} instead of ${request.status}`];
}

function posted(query: string): RequestInit {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
}
