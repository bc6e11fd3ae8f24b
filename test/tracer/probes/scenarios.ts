import { once } from 'node:events';
import type * as Http from 'node:http';
import { createRequire } from 'node:module';
import type * as Amqplib from 'amqplib';
import type * as Ioredis from 'ioredis';
import type * as Pg from 'pg';

/** Where the services are, and a name of which there is nothing yet in any of them. */
export interface Surroundings {
  readonly postgres: { readonly host: string; readonly user: string; readonly database: string };
  readonly redis: { readonly host: string; readonly port: number };
  readonly rabbit: string;
  readonly unused: string;
  /** A port that the scenario's own server may have. */
  readonly port: number;
}

/** Loads what instrumentations patch as it is loaded, so not before they are there. */
const load = createRequire(import.meta.url);

/** What applications do with the library of each instrumentation, one thing after the other. */
export const scenarios: Record<string, (around: Surroundings) => Promise<void>> = {
  async pg({ postgres }) {
    const { Client, Pool } = load('pg') as typeof Pg;
    const client = new Client(postgres);
    await client.connect();
    await client.query('SELECT 1 AS one');
    await client.query('SELECT $1::int AS given', [7]);
    await client.query({ name: 'named', text: 'SELECT $1::text AS given', values: ['x'] });
    await rejected(client.query('SELECT nothing FROM nowhere'));
    await new Promise<void>((resolve) => client.query('SELECT 2', () => resolve()));
    await client.end();
    const pool = new Pool({ ...postgres, max: 1 });
    await Promise.all([pool.query('SELECT 3'), pool.query('SELECT 4')]);
    await pool.end();
    await rejected(new Client({ ...postgres, port: 1 }).connect());
  },

  async http({ port }) {
    const http = load('node:http') as typeof Http;
    const server = await listen(http, port);
    const ask = async (method: string, path: string): Promise<void> => {
      const request = http.request({ host: '127.0.0.1', port, path, method });
      const [response] = (await once(request.end(), 'response')) as [Http.IncomingMessage];
      await once(response.resume(), 'end');
    };
    await ask('GET', '/200?a=1');
    await ask('POST', '/404');
    await ask('GET', '/500');
    await close(server);
    await rejected(ask('GET', '/200'));
  },

  async undici({ port }) {
    const server = await listen(load('node:http') as typeof Http, port);
    const url = `http://127.0.0.1:${port}`;
    await (await fetch(`${url}/200?a=1`)).text();
    await (await fetch(`${url}/404`, { method: 'POST', body: 'text' })).text();
    await (await fetch(`${url}/500`)).text();
    await close(server);
    await rejected(fetch(url));
  },

  async ioredis({ redis: address, unused: key }) {
    const { Redis } = load('ioredis') as typeof Ioredis;
    const redis = new Redis({ ...address, lazyConnect: true });
    await redis.connect();
    await redis.set(key, 'text');
    await redis.get(key);
    await rejected(redis.incr(key));
    await redis.pipeline().append(key, '1').strlen(key).exec();
    await redis.multi().append(key, '2').strlen(key).exec();
    await redis.eval('return redis.call("get", KEYS[1])', 1, key);
    await redis.del(key);
    await redis.quit();
    const away = new Redis({ port: 1, lazyConnect: true, retryStrategy: () => null });
    await rejected(Promise.all([once(away, 'end'), away.connect()]));
  },

  async amqplib({ rabbit, unused: queue }) {
    const { connect } = load('amqplib') as typeof Amqplib;
    const connection = await connect(rabbit);
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(queue, { autoDelete: true });
    let taken = Promise.withResolvers<void>();
    await channel.consume(queue, (message) => {
      if (message === null) return;
      if (message.content.toString() === 'refused') channel.nack(message, false, false);
      else channel.ack(message);
      taken.resolve();
    });
    for (const text of ['taken', 'refused', 'taken again']) {
      taken = Promise.withResolvers<void>();
      channel.sendToQueue(queue, Buffer.from(text), { type: 'text' });
      await Promise.all([channel.waitForConfirms(), taken.promise]);
    }
    await channel.close();
    await connection.close();
    await rejected(Promise.resolve(connect('amqp://127.0.0.1:1')));
  },
};

/** A failure is a part of a scenario; one that does not happen is none. */
async function rejected(work: Promise<unknown>): Promise<void> {
  const isRejected = await work.then(
    () => false,
    () => true,
  );
  if (!isRejected) throw new Error('What had to fail did not.');
}

/** A server that answers with the status that a path asks for. */
async function listen(http: typeof Http, port: number): Promise<Http.Server> {
  const server = http.createServer((request, response) => {
    request.resume();
    // A connection that is kept would be closed by one side or the other when the server is.
    response.shouldKeepAlive = false;
    response.writeHead(Number(request.url?.slice(1, 4))).end('answer');
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return server;
}

async function close(server: Http.Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
