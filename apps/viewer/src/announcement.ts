import { spawn } from 'node:child_process';
import { isIP } from 'node:net';
import type { ViewerOptions } from './options.js';

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
  const { host, isHostGiven, hasPage } = options;
  return [
    ...(hasPage ? [`traces: ${pageAddress(options, ports)}`] : []),
    `receiving OTLP at ${host}: gRPC on ${ports.grpc}, HTTP on ${ports.http}`,
    ...(isHostGiven && hasPage
      ? [`warning: whoever reaches ${host} can read every trace, as --host was given`]
      : []),
  ];
}

/** Opens an address in the browser of whoever is at this machine; says so if there is none. */
export function openBrowser(address: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => {
    process.stderr.write(`viewer: no browser could be opened; the page is at ${address}\n`);
  });
  child.unref();
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
