/** A host as spans name it: `server.address` and `server.port`. */
interface HostAndPort {
  readonly address: string;
  readonly port: number | undefined;
}

const HOST = /^(?:\[([\da-fA-F:.]+(?:%[\w.~-]+)?)\]|([^:/?#@\\\s]+))(?::(\d{1,5}))?$/;

/** Reads a `Host` header or an authority. Returns undefined for one that is none. */
export function hostAndPort(host: string | undefined): HostAndPort | undefined {
  const parts = host === undefined || host.length > 512 ? null : HOST.exec(host);
  if (parts === null) return undefined;
  const [, ip6, name, port] = parts;
  return { address: ip6 ?? name ?? '', port: port === undefined ? undefined : Number(port) };
}

/** Reads `Host` headers one after another: most name the host that the one before did. */
export class LastHost {
  #host: string | undefined;
  #named: HostAndPort | undefined;

  of(host: string | undefined): HostAndPort | undefined {
    if (host !== this.#host) {
      this.#named = hostAndPort(host);
      this.#host = host;
    }
    return this.#named;
  }
}

/** Returns the port that a scheme means when none is written. */
export function defaultPort(scheme: string): number {
  return scheme === 'https' ? 443 : 80;
}
