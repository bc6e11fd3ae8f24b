import type { DataSourceOptions } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { serverAddress } from './server-address.js';

const addressOf = (options: object, system = 'postgresql', mode: 'master' | 'slave' = 'master') =>
  serverAddress(options as DataSourceOptions, mode, system);

describe('B6 the address of the server', () => {
  it('leaves the default port of each system out', () => {
    expect(addressOf({ host: 'db', port: 5432 })).toEqual({ address: 'db', port: undefined });
    expect(addressOf({ host: 'db', port: 5433 })).toEqual({ address: 'db', port: 5433 });
    expect(addressOf({ host: 'db', port: 5432 }, 'mariadb')).toEqual({ address: 'db', port: 5432 });
    expect(addressOf({ host: 'db', port: '3306' }, 'mysql')?.port).toBeUndefined();
  });

  it('is read from a url, which outweighs single options', () => {
    const url = 'postgres://user:secret@db.example:6000/app?ssl=true';
    expect(addressOf({ url, host: 'other', port: 1 })).toEqual({
      address: 'db.example',
      port: 6000,
    });
    expect(addressOf({ url: 'postgres://[::1]/app' })?.address).toBe('::1');
    expect(addressOf({ url: 'not a url', host: 'db' })?.address).toBe('db');
  });

  it('is the local host for drivers that take it, and the path of a socket', () => {
    expect(addressOf({})?.address).toBe('localhost');
    expect(addressOf({ socketPath: '/run/db.sock' }, 'mysql')?.address).toBe('/run/db.sock');
    expect(addressOf({ database: ':memory:' }, 'sqlite')).toBeUndefined();
  });

  it('is that of the role, if the replicas of a role share one', () => {
    const replication = {
      master: { host: 'main' },
      slaves: [{ url: 'postgres://r1' }, { host: 'r1' }],
    };
    expect(addressOf({ replication })?.address).toBe('main');
    expect(addressOf({ replication }, 'postgresql', 'slave')?.address).toBe('r1');
    const several = { ...replication, slaves: [{ host: 'r1' }, { host: 'r2' }] };
    expect(addressOf({ replication: several }, 'postgresql', 'slave')).toBeUndefined();
    expect(addressOf({ host: 'main' }, 'postgresql', 'slave')?.address).toBe('main');
  });
});
