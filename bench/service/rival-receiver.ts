import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

// What Sentry and Nest's own agent send to, in a process of its own that accepts everything. It tells its
// port, and then, whenever it is asked, how many spans it has: it counts no sooner, for that takes time
// that a measurement would miss. Sentry sends envelopes: a line for each header and each item, a
// transaction being a span with others in it. Nest's agent sends a document of requests, each a span with
// a tree of others.

interface Transaction {
  readonly type?: string;
  readonly spans?: readonly unknown[];
}

interface AgentSpan {
  readonly ch?: readonly AgentSpan[];
}

interface AgentDocument {
  readonly snapshots?: readonly { readonly t?: readonly AgentSpan[] }[];
}

interface Delivery {
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

let received = 0;
let deliveries: Delivery[] = [];

const server = createServer(async (request, response) => {
  deliveries.push({ request, body: await buffer(request) });
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
process.on('message', () => {
  for (const delivery of deliveries) received += countSpans(delivery);
  deliveries = [];
  process.send?.({ received });
});

function countSpans({ request: { headers, url = '' }, body }: Delivery): number {
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
  return url.includes('envelope') ? countSentrys(text) : countAgents(text);
}

function countSentrys(envelope: string): number {
  let count = 0;
  for (const line of envelope.split('\n')) {
    if (!line.startsWith('{')) continue;
    const { type, spans } = JSON.parse(line) as Transaction;
    if (type === 'transaction' && spans !== undefined) count += 1 + spans.length;
  }
  return count;
}

function countAgents(document: string): number {
  const { snapshots = [] } = JSON.parse(document) as AgentDocument;
  return snapshots.reduce((count, { t = [] }) => count + 1 + countTree(t), 0);
}

function countTree(spans: readonly AgentSpan[]): number {
  return spans.reduce((count, { ch = [] }) => count + 1 + countTree(ch), 0);
}
