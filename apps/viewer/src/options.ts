import { parseArgs } from 'node:util';
import { DEFAULT_MAX_SPANS } from './store/limits.js';

/** Some 12 GB. */
const MAX_MAX_SPANS = 10_000_000;

/** Where the viewer listens, when a trace counts as finished, and what it shows. */
export interface ViewerOptions {
  readonly host: string;
  /** The host was chosen: requests may come under any name, not only that of this machine. */
  readonly isHostGiven: boolean;
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
export const USAGE = `nestjs-tracing-viewer: receives OTLP, shows traces on a page and prints each as a tree

  --port <port>            the page, and OTLP over HTTP: default 4318 or VIEWER_HTTP_PORT (0: any free
                           port; auto: 4318, or the next free one); --http-port is the same
  --grpc-port <port>       OTLP over gRPC, default 4317 or VIEWER_GRPC_PORT (0, auto: as above)
  --host <address>         listen there, default 127.0.0.1 and, where there is one, ::1; without it
                           only requests to a loopback name or address are taken
  --open                   open the page in a browser
  --no-page                no page and no API
  --no-terminal            print no traces
  --import <file>          show the traces of a file of OTLP JSON; may be given again
  --max-spans <number>     spans that the page can show, default ${DEFAULT_MAX_SPANS}, about 125 MB
  --quiet <ms>             silence after which a trace is printed, default 300
  --rootless <ms>          silence after which a trace without its root is finished, default 8000
  --timeout <ms>           how long a request may take to arrive, default 10000
  --attributes <a,b,...>   print these attributes only
  --traced-only            hide log lines below warning that belong to no trace

JSON log lines on standard input join their traces:
  node main.js | npx nestjs-tracing-viewer
GET /stats on the HTTP port counts what was received, refused and dropped.`;

const OPTIONS = {
  port: { type: 'string' },
  'grpc-port': { type: 'string' },
  'http-port': { type: 'string' },
  host: { type: 'string' },
  open: { type: 'boolean', default: false },
  page: { type: 'boolean', default: true },
  terminal: { type: 'boolean', default: true },
  import: { type: 'string', multiple: true },
  'max-spans': { type: 'string', default: String(DEFAULT_MAX_SPANS) },
  timeout: { type: 'string', default: '10000' },
  quiet: { type: 'string', default: '300' },
  rootless: { type: 'string', default: '8000' },
  attributes: { type: 'string' },
  'traced-only': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Reads the options from the command line, then the environment, then the defaults.
 *
 * @returns `undefined` if help was asked for.
 * @throws Error that names the option and what it expects.
 */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): ViewerOptions | undefined {
  const { values } = parseArgs({ args, options: OPTIONS, allowNegative: true });
  if (values.help) return undefined;
  const http = values.port ?? values['http-port'] ?? env['VIEWER_HTTP_PORT'] ?? '4318';
  const grpc = values['grpc-port'] ?? env['VIEWER_GRPC_PORT'] ?? '4317';
  if (values.open && !values.page) throw new Error('--open has nothing to open with --no-page.');
  return {
    host: values.host ?? '127.0.0.1',
    isHostGiven: values.host !== undefined,
    grpcPort: port('--grpc-port', grpc, 4317),
    httpPort: port('--port', http, 4318),
    isPortAuto: http === 'auto' || grpc === 'auto',
    quietMillis: whole('--quiet', values.quiet, 600_000),
    rootlessMillis: whole('--rootless', values.rootless, 600_000),
    timeoutMillis: whole('--timeout', values.timeout, 600_000),
    ...(values.attributes === undefined ? {} : { attributes: values.attributes.split(',') }),
    tracedOnly: values['traced-only'],
    hasTerminal: values.terminal,
    hasPage: values.page,
    opensPage: values.open,
    maxSpans: whole('--max-spans', values['max-spans'], MAX_MAX_SPANS, 1),
    imports: values.import ?? [],
  };
}

function port(option: string, text: string, usual: number): number {
  return text === 'auto' ? usual : whole(option, text, 65_535, 0, ', or auto');
}

function whole(option: string, text: string, max: number, min = 0, other = ''): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`${option} is "${text}": give a whole number from ${min} to ${max}${other}.`);
}
