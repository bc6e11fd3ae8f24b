import { once } from 'node:events';
import { connect } from 'node:http2';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { portOf } from '../../apps/viewer/src/receiving/listen.js';
import { ViewerProcess } from './support/viewer-process.js';

/** Whether the machine has ::1. */
const hasSixth = Object.values(networkInterfaces())
  .flat()
  .some((each) => each?.address === '::1');

describe.skipIf(!hasSixth)('P18 the loopback address of IPv6', () => {
  it('leads to the page and to both receivers, and no further', async () => {
    const viewer = await ViewerProcess.start('--no-terminal');
    try {
      const page = await viewer.send({ host: '::1', path: '/' });
      expect(page.status).toBe(200);
      const stranger = { host: '::1', path: '/', headers: { host: 'rebound.example' } };
      expect((await viewer.send(stranger)).status).toBe(403);
      expect((await viewer.send({ host: '::1', path: '/v1/traces' })).status).toBe(405);
      const session = connect(`http://[::1]:${viewer.grpc}`);
      await once(session, 'remoteSettings');
      session.close();
    } finally {
      await viewer.stop();
    }
  });

  it('is left to others with --host', async () => {
    const viewer = await ViewerProcess.start('--no-terminal', '--host', '127.0.0.1');
    try {
      const answer = viewer.send({ host: '::1', path: '/' });
      await expect(answer).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    } finally {
      await viewer.stop();
    }
  });
});

/** What a viewer says that cannot have a port. */
function refusalOf(port: number): Promise<unknown> {
  return ViewerProcess.start('--port', `${port}`).catch((error: Error) => error.message);
}

describe('P26 a port that is taken', () => {
  it('is named with its owner, and what to do', async () => {
    const owner = createServer().listen(0, '127.0.0.1');
    await once(owner, 'listening');
    const port = portOf(owner);
    try {
      const refusal = await refusalOf(port);
      expect(refusal).toContain(`Port ${port} cannot be had (taken by `);
      expect(refusal).toContain(`(process ${process.pid})`);
      expect(refusal).toContain('Give another with --port, "auto" for the next free one');
    } finally {
      owner.close();
    }
  });

  it('is passed over with --port auto, and the page is where it says', async () => {
    const viewers: ViewerProcess[] = [];
    try {
      for (const _ of [1, 2]) {
        const auto = ['--port', 'auto', '--grpc-port', 'auto', '--no-terminal'];
        viewers.push(await ViewerProcess.start(...auto));
      }
      const [first, second] = viewers;
      expect(second!.http).toBeGreaterThan(first!.http);
      expect(second!.grpc).toBeGreaterThan(first!.grpc);
      expect(second!.output).toContain(`traces: http://localhost:${second!.http}\n`);
      expect((await second!.send({ path: '/' })).status).toBe(200);
    } finally {
      await Promise.all(viewers.map((viewer) => viewer.stop()));
    }
  });

  it.skipIf(!hasSixth)('at ::1 alone is taken, too: localhost would lead there', async () => {
    const owner = createServer().listen(0, '::1');
    await once(owner, 'listening');
    const port = portOf(owner);
    try {
      const refusal = await refusalOf(port);
      expect(refusal).toContain(`Port ${port} cannot be had (taken by `);
    } finally {
      owner.close();
    }
  });
});

describe('a host that this machine does not have', () => {
  it.each(['203.0.113.7', 'nowhere.invalid'])('is named, and what to do: %s', async (host) => {
    const start = ViewerProcess.start('--host', host);
    await expect(start).rejects.toThrow(`--host ${host} cannot be had (`);
  });
});
