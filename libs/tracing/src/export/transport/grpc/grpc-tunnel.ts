import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { ExportSettings } from '../export-settings.js';
import { closeUnlessConnected } from '../loose-socket.js';
import { percentDecoded } from '../faults/percent-decoded.js';
import type { Around } from '../transport.interface.js';
import type { GrpcTarget } from './grpc-target.js';

/** Has a proxy connect to the collector. */
export async function openTunnel(
  proxy: URL,
  { host, port }: GrpcTarget,
  settings: ExportSettings,
  around: Around,
  signal: AbortSignal,
): Promise<Socket> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const asked = around(() =>
    request({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: proxy.port || 80,
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      signal,
      agent: false,
    }).end(),
  );
  asked.on('socket', (socket: Socket) => closeUnlessConnected(socket, settings));
  const [response, socket] = (await once(asked, 'connect')) as [IncomingMessage, Socket];
  if (response.statusCode === 200) return socket;
  socket.destroy();
  const code = `ERR_PROXY_HTTP_${response.statusCode}`;
  throw Object.assign(new Error('the proxy refuses to connect'), { code });
}

function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const credentials = [username, password].map(percentDecoded).join(':');
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
