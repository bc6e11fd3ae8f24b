import { spawn } from 'node:child_process';
import { isIP } from 'node:net';
import type { ViewerOptions } from './options.js';
import { isLoopback } from './receiving/allowed-caller.js';
import { count, printable } from './showing/text.js';
import type { Imported } from './wire/overview.interface.js';

/** Where the viewer listens, once it does. */
export interface Ports {
  readonly grpc: number;
  readonly http: number;
}

/** The address of the page, as a browser on this machine reaches it. */
export function pageAddress({ host }: Pick<ViewerOptions, 'host'>, { http }: Ports): string {
  const isAny = host === '127.0.0.1' || host === '0.0.0.0' || host === '::';
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return `http://${isAny ? 'localhost' : name}:${http}`;
}

/** What is printed at the start: the page first, then where to send. */
export function announcement(options: ViewerOptions, ports: Ports): string[] {
  const { host, hasPage } = options;
  return [
    ...(hasPage ? [`traces: ${pageAddress(options, ports)}`] : []),
    `receiving OTLP at ${host}: gRPC on ${ports.grpc}, HTTP on ${ports.http}`,
    ...(hasPage && !isLoopback(host)
      ? [`warning: the page is open to the network: whoever reaches ${host} can read every trace`]
      : []),
  ];
}

/** What is printed of a file that was read at the start. */
export function importText(path: string, { traces, spans, logs }: Imported): string {
  const counts = [
    count(traces, 'trace'),
    count(spans, 'span'),
    ...(logs > 0 ? [count(logs, 'log line')] : []),
  ];
  return `imported ${printable(path)}: ${counts.join(', ')}`;
}

/** Opens an address in the browser of whoever is at this machine; says so if there is none. */
export function openBrowser(address: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  const sayFailed = (reason: string) => {
    const text = `no browser could be opened (${reason}); the page is at ${address}`;
    process.stderr.write(`viewer: ${text}\n`);
  };
  child.once('error', ({ message }) => sayFailed(message));
  child.once('exit', (code) => {
    if (code !== 0 && code !== null) sayFailed(`${command} ended with ${code}`);
  });
  child.unref();
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
