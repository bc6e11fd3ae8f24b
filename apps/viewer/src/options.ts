import { parseArgs } from 'node:util';

/** Where the viewer listens, when a trace counts as finished, and what it shows. */
export interface ViewerOptions {
  readonly host: string;
  readonly grpcPort: number;
  readonly httpPort: number;
  /** How long nothing may arrive for a trace before it is shown, in milliseconds. */
  readonly quietMillis: number;
  /** The same for a trace whose root is missing: it may still be open. */
  readonly rootlessMillis: number;
  /** Attribute keys to show; without them all but the well-known noise. */
  readonly attributes?: readonly string[];
  /** Hides log lines below warning that belong to no trace. */
  readonly tracedOnly: boolean;
}

/** Injection token of the {@link ViewerOptions}. */
export const VIEWER_OPTIONS = Symbol('viewer:options');

/** What `--help` prints. */
export const USAGE = `viewer: receives OTLP and prints every finished trace as a tree

  --grpc-port <port>       OTLP over gRPC, default 4317 or VIEWER_GRPC_PORT (0: any free port)
  --http-port <port>       OTLP over HTTP, default 4318 or VIEWER_HTTP_PORT (0: any free port)
  --quiet <ms>             silence after which a trace is finished, default 300
  --rootless <ms>          silence after which a trace without its root is shown, default 8000
  --attributes <a,b,...>   show these attributes only
  --traced-only            hide log lines below warning that belong to no trace

JSON log lines on standard input join their traces: node dist/apps/demo/main.js | viewer`;

/**
 * Reads the options from the command line, then the environment, then the defaults.
 *
 * @returns `undefined` if help was asked for.
 * @throws Error that names the option and what it expects.
 */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): ViewerOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      'grpc-port': { type: 'string', default: env['VIEWER_GRPC_PORT'] ?? '4317' },
      'http-port': { type: 'string', default: env['VIEWER_HTTP_PORT'] ?? '4318' },
      quiet: { type: 'string', default: '300' },
      rootless: { type: 'string', default: '8000' },
      attributes: { type: 'string' },
      'traced-only': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    host: '127.0.0.1',
    grpcPort: whole('--grpc-port', values['grpc-port'], 65_535),
    httpPort: whole('--http-port', values['http-port'], 65_535),
    quietMillis: whole('--quiet', values.quiet, 600_000),
    rootlessMillis: whole('--rootless', values.rootless, 600_000),
    ...(values.attributes === undefined ? {} : { attributes: values.attributes.split(',') }),
    tracedOnly: values['traced-only'],
  };
}

function whole(option: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw new Error(`${option} is "${text}": give a whole number from 0 to ${max}.`);
}
