import { once } from 'node:events';
import type { ClientHttp2Session } from 'node:http2';
import { connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ExportSettings } from '../export-settings.js';
import { closeUnlessConnected } from '../loose-socket.js';
import type { Around } from '../transport.interface.js';
import type { GrpcTarget } from './grpc-target.js';
import { targetOf } from './grpc-target.js';
import { proxyFor } from './grpc-proxy.js';
import { openTunnel } from './grpc-tunnel.js';

/**
 * Opens a connection over which calls can be made; it keeps no process alive.
 *
 * @param signal ends the attempt, and the connection
 */
export async function openConnection(
  settings: ExportSettings,
  around: Around,
  signal: AbortSignal,
): Promise<ClientHttp2Session> {
  const target = targetOf(settings);
  const socket = await openSocket(target, settings, around, signal);
  const session = connectHttp2(target.origin, { createConnection: () => socket });
  session.unref();
  session.on('error', () => undefined); // every stream is told it
  signal.addEventListener('abort', () => session.destroy(), { once: true });
  return session;
}

async function openSocket(
  target: GrpcTarget,
  settings: ExportSettings,
  around: Around,
  signal: AbortSignal,
): Promise<Socket> {
  const proxy = proxyFor(target, process.env);
  const socket =
    proxy === undefined
      ? await dial(target, settings, signal)
      : await openTunnel(proxy, target, settings, around, signal);
  return target.isTls ? secure(socket, target, settings, signal) : socket;
}

async function dial(
  { host, port }: GrpcTarget,
  settings: ExportSettings,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connectTcp({ host, port, noDelay: true });
  closeUnlessConnected(socket, settings);
  return ready(socket, 'connect', signal);
}

async function secure(
  socket: Socket,
  { host }: GrpcTarget,
  { tls }: ExportSettings,
  signal: AbortSignal,
): Promise<Socket> {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const secured = connectTls({ socket, host, ...servername, ...tls, ALPNProtocols: ['h2'] });
  secured.unref();
  await ready(secured, 'secureConnect', signal);
  if (secured.alpnProtocol === 'h2') return secured;
  secured.destroy();
  throw Object.assign(new Error('no HTTP/2 over TLS'), { code: 'ERR_HTTP2_ERROR' });
}

/** A socket that fails later tells it to its session. */
async function ready<T extends Socket>(socket: T, event: string, signal: AbortSignal): Promise<T> {
  socket.on('error', () => undefined);
  const abort = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  socket.once('close', () => socket.emit('error', new Error('the connection was cut')));
  await once(socket, event);
  return socket;
}
