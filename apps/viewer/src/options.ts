import { packageVersion } from './package-root.js';
import { readArguments } from './read-arguments.js';
import { DEFAULT_MAX_SPANS } from './store/limits.js';

/** Some 12 GB. */
const MAX_MAX_SPANS = 10_000_000;
const MAX_MILLIS = 600_000;
const HOST_NAME = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i;

/** Where the viewer listens, when a trace counts as finished, and what it shows. */
export interface ViewerOptions {
  readonly host: string;
  /** The host was chosen: others may reach the viewer, by the names that this machine has for them. */
  readonly isHostGiven: boolean;
  /** Names under which the viewer is reached, beside those it knows, in lower case. */
  readonly allowedHosts: readonly string[];
  readonly grpcPort: number;
  readonly httpPort: number;
  /** Takes the next free port where one is taken. */
  readonly isPortAuto: boolean;
  /** How long nothing may arrive for a trace before it is shown, in milliseconds. */
  readonly quietMillis: number;
  /** The same for a trace whose root is missing: it may still be open. */
  readonly rootlessMillis: number;
  /** How long a request may take to arrive, in milliseconds. */
  readonly timeoutMillis: number;
  /** Attribute keys to show; without them all but the well-known noise. */
  readonly attributes?: readonly string[];
  /** Hides log lines below warning that belong to no trace. */
  readonly tracedOnly: boolean;
  /** Prints traces as trees. */
  readonly hasTerminal: boolean;
  /** Serves the page and its API. */
  readonly hasPage: boolean;
  /** Opens the page in a browser. */
  readonly opensPage: boolean;
  /** How many spans the page can show. */
  readonly maxSpans: number;
  /** Files to show from the start. */
  readonly imports: readonly string[];
}

/** Injection token of the {@link ViewerOptions}. */
export const VIEWER_OPTIONS = Symbol('viewer:options');

/** What `--help` prints. */
const USAGE = `nestjs-tracing-viewer: receives OTLP, shows traces on a page and prints each as a tree

  --port <port>            the page, and OTLP over HTTP: default 4318 or VIEWER_HTTP_PORT (0: any free
                           port; auto: 4318, or the next free one); --http-port is the same
  --grpc-port <port>       OTLP over gRPC, default 4317 or VIEWER_GRPC_PORT (0, auto: as above)
  --host <address>         listen there, default 127.0.0.1 and, where there is one, ::1; 0.0.0.0 is
                           every address: whoever reaches it can then read every trace
  --allow-host <name>      a name under which the page may be reached, beside addresses, localhost
                           and, with --host, the name of this machine; may be given again
  --open                   open the page in a browser
  --no-page                no page and no API
  --no-terminal            print no traces
  --import <file>          show the traces of a file (OTLP, Jaeger or Zipkin JSON, Chrome trace);
                           may be given again
  --max-spans <number>     spans that the page can show, default ${DEFAULT_MAX_SPANS}, about 220 MB
  --quiet <ms>             silence after which a trace is printed, default 300
  --rootless <ms>          silence after which a trace without its root is finished, default 8000
  --timeout <ms>           how long a request may take to arrive, default 10000
  --attributes <a,b,...>   print these attributes only
  --traced-only            hide log lines below warning that belong to no trace
  --version                print the version

Of another option that is given again the last counts.
JSON log lines on standard input (pino, Nest, winston) join their traces:
  node main.js 2>&1 | npx nestjs-tracing-viewer
GET /stats on the HTTP port counts what was received, refused and dropped.`;

/**
 * Reads the options from the command line, then the environment, then the defaults.
 *
 * @returns `undefined` if help or the version was asked for: {@link answerTo} has it.
 * @throws Error that names the option and what it expects.
 */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): ViewerOptions | undefined {
  const given = readArguments(args);
  if (given.help || given.version) return undefined;
  const http = portOf(['--port', given.port], ['VIEWER_HTTP_PORT', env], 4318);
  const grpc = portOf(['--grpc-port', given['grpc-port']], ['VIEWER_GRPC_PORT', env], 4317);
  const isPortAuto = http.isAuto || grpc.isAuto;
  refuseContradictions(given);
  if (http.port === grpc.port && http.port !== 0 && !isPortAuto) {
    throw new Error(`HTTP and gRPC cannot both have port ${http.port}: give another --grpc-port.`);
  }
  return {
    host: given.host ?? '127.0.0.1',
    isHostGiven: given.host !== undefined,
    allowedHosts: (given['allow-host'] ?? []).map(hostName),
    grpcPort: grpc.port,
    httpPort: http.port,
    isPortAuto,
    quietMillis: whole('--quiet', given.quiet ?? '300', [0, MAX_MILLIS]),
    rootlessMillis: whole('--rootless', given.rootless ?? '8000', [0, MAX_MILLIS]),
    timeoutMillis: whole('--timeout', given.timeout ?? '10000', [1, MAX_MILLIS]),
    ...(given.attributes === undefined ? {} : { attributes: given.attributes.split(',') }),
    tracedOnly: given['traced-only'],
    hasTerminal: given.terminal,
    hasPage: given.page,
    opensPage: given.open,
    maxSpans: whole('--max-spans', given['max-spans'] ?? `${DEFAULT_MAX_SPANS}`, [
      1,
      MAX_MAX_SPANS,
    ]),
    imports: given.import ?? [],
  };
}

/** What is printed for `--help` and `--version`. */
export function answerTo(args: readonly string[]): string {
  return readArguments(args).help ? USAGE : packageVersion();
}

function refuseContradictions({ page, open, import: files }: ReturnType<typeof readArguments>) {
  if (page) return;
  if (open) throw new Error('--open has nothing to open with --no-page.');
  if (files) throw new Error('--import has no page to show a file on with --no-page.');
}

/** A port by option, else by environment: what is wrong is told by the name under which it was given. */
function portOf(
  [option, given]: readonly [string, string | undefined],
  [variable, env]: readonly [string, NodeJS.ProcessEnv],
  usual: number,
): { readonly port: number; readonly isAuto: boolean } {
  const name = given === undefined ? variable : option;
  const text = given ?? env[variable] ?? String(usual);
  if (text === 'auto') return { port: usual, isAuto: true };
  return { port: whole(name, text, [0, 65_535], ', or auto'), isAuto: false };
}

function hostName(text: string): string {
  if (HOST_NAME.test(text)) return text.toLowerCase();
  throw new Error(`--allow-host is "${text}": give a name alone, such as tracing.internal.`);
}

function whole(
  name: string,
  text: string,
  [min, max]: readonly [number, number],
  other = '',
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`${name} is "${text}": give a whole number from ${min} to ${max}${other}.`);
}
