import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from './free-port.js';

describe('freePort', () => {
  it('takes another port and says so when the preferred one is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = (other.address() as AddressInfo).port;
    const said: string[] = [];
    const port = await freePort(taken, 'the service', (line) => said.push(line));
    other.close();
    expect(port).not.toBe(taken);
    expect(said).toEqual([`Port ${taken} is taken: the service uses ${port} instead.`]);
    expect(await freePort(taken, 'the service', (line) => said.push(line))).toBe(taken);
    expect(said).toHaveLength(1);
  });
});
