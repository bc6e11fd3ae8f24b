import { createConnection } from 'node:net';
import { once } from 'node:events';
import { createConnection as connectMariaDb } from 'mysql2/promise';
import { Client } from 'pg';
import { describe, it } from 'vitest';

/** A server that a suite wants on localhost. */
export interface Service {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Why it cannot be used, or undefined if it can. */
  readonly missing: string | undefined;
}

/** How PostgreSQL is reached: trust authentication. */
export const POSTGRES = {
  host: '127.0.0.1',
  port: 5432,
  username: 'postgres',
  database: 'test',
} as const;

/** How MariaDB is reached: without a password. */
export const MARIADB = {
  host: '127.0.0.1',
  port: 3306,
  username: 'root',
  password: '',
  database: 'test',
} as const;

/** How Redis is reached. */
export const REDIS = { host: '127.0.0.1', port: 6379 } as const;

/** How NATS is reached. */
export const NATS = { host: '127.0.0.1', port: 4222 } as const;

/** How RabbitMQ is reached, as `guest`. */
export const RABBITMQ = {
  host: '127.0.0.1',
  port: 5672,
  url: 'amqp://guest:guest@127.0.0.1:5672',
} as const;

/** How Mosquitto is reached. */
export const MOSQUITTO = { host: '127.0.0.1', port: 1883 } as const;

const TIMEOUT_MILLIS = 2000;

/** Looks whether PostgreSQL is there and answers. */
export function findPostgres(): Promise<Service> {
  return find('PostgreSQL', POSTGRES, async () => {
    const { username: user, ...address } = POSTGRES;
    const client = new Client({ ...address, user, connectionTimeoutMillis: TIMEOUT_MILLIS });
    await client.connect();
    await client.end();
  });
}

/** Looks whether MariaDB is there and answers. */
export function findMariaDb(): Promise<Service> {
  return find('MariaDB', MARIADB, async () => {
    const { username: user, ...address } = MARIADB;
    const connection = await connectMariaDb({ ...address, user, connectTimeout: TIMEOUT_MILLIS });
    await connection.end();
  });
}

/** Looks whether Redis is there and answers. */
export function findRedis(): Promise<Service> {
  return findByAnswer('Redis', REDIS, 'PING\r\n');
}

/** Looks whether NATS is there and greets. */
export function findNats(): Promise<Service> {
  return findByAnswer('NATS', NATS, 'PING\r\n');
}

/** Looks whether RabbitMQ is there and answers the header of AMQP 0-9-1. */
export function findRabbitMq(): Promise<Service> {
  return findByAnswer('RabbitMQ', RABBITMQ, 'AMQP\0\0\t\u0001');
}

/** Looks whether Mosquitto is there and answers a CONNECT of MQTT 3.1.1. */
export function findMosquitto(): Promise<Service> {
  const connect = '\u0010\u0012\0\u0004MQTT\u0004\u0002\0\u003c\0\u0006search';
  return findByAnswer('Mosquitto', MOSQUITTO, connect);
}

/** Looks whether a server says something to who greets it. */
function findByAnswer(
  name: string,
  address: { readonly host: string; readonly port: number },
  greeting: string,
): Promise<Service> {
  return find(name, address, async () => {
    const socket = createConnection({ ...address, timeout: TIMEOUT_MILLIS });
    socket.once('timeout', () => socket.destroy(new Error('no answer in time')));
    try {
      await once(socket, 'connect');
      socket.write(Buffer.from(greeting, 'latin1'));
      await once(socket, 'data');
    } finally {
      socket.destroy();
    }
  });
}

/**
 * A suite that needs a service. It is skipped, and the reason is part of its title, if the service is
 * missing; with REQUIRE_SERVICES=1 it fails.
 */
export function describeWithService(service: Service, title: string, suite: () => void): void {
  if (service.missing === undefined) {
    describe(title, suite);
    return;
  }
  const reason = `${service.name} at ${service.host}:${service.port}: ${service.missing}`;
  if (process.env['REQUIRE_SERVICES'] !== '1') {
    describe(title, () => it.skip(`skipped, there is no ${reason}`, () => {}));
    return;
  }
  describe(title, () => {
    it('needs its service', () => {
      throw new Error(
        `REQUIRE_SERVICES=1, but there is no ${reason}. Start it, or unset the variable.`,
      );
    });
  });
}

async function find(
  name: string,
  { host, port }: { readonly host: string; readonly port: number },
  connect: () => Promise<void>,
): Promise<Service> {
  try {
    await connect();
    return { name, host, port, missing: undefined };
  } catch (error) {
    return { name, host, port, missing: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
