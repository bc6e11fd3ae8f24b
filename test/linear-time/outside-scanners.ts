import { ROOT_CONTEXT, defaultTextMapGetter, defaultTextMapSetter } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { printable } from '../../apps/viewer/src/showing/text.js';
import { idOf } from '../../apps/viewer/src/receiving/otlp/otlp-value.js';
import { redactor } from '../../libs/tracing/src/export/transport/faults/redact.js';
import { operationIn } from '../../libs/tracing/src/graphql/document/operations-in.js';
import { redactDocument } from '../../libs/tracing/src/graphql/document/redact-document.js';
import { headerAttributes } from '../../libs/tracing/src/http/header-attributes.js';
import { hostAndPort } from '../../libs/tracing/src/http/host-and-port.js';
import { ignoreRule } from '../../libs/tracing/src/http/incoming/ignored-requests.js';
import { ExpressTable } from '../../libs/tracing/src/http/incoming/routes/table/express-table.js';
import { pathOf } from '../../libs/tracing/src/http/incoming/request-attributes.js';
import { plainAddress } from '../../libs/tracing/src/http/incoming/request-description.js';
import { destinationRule } from '../../libs/tracing/src/http/outgoing/destinations.js';
import { requestMethod } from '../../libs/tracing/src/http/request-method.js';
import { parseBaggage } from '../../libs/tracing/src/propagation/baggage-header.js';
import { parseTraceParent } from '../../libs/tracing/src/propagation/trace-parent.js';
import { W3cTraceState } from '../../libs/tracing/src/propagation/trace-state.js';
import { W3cPropagator } from '../../libs/tracing/src/propagation/w3c-propagator.js';
import { redactText } from '../../libs/tracing/src/redaction/redact-text.js';
import { createUrlRedaction } from '../../libs/tracing/src/redaction/redact-url.js';
import { recordException } from '../../libs/tracing/src/span/exception.js';
import { globTest } from '../../libs/tracing/src/tracer/sampling/glob.js';
import { describeStatement } from '../../libs/tracing/src/typeorm/sql/describe-statement.js';
import { dialectOf } from '../../libs/tracing/src/typeorm/sql/dialect.js';
import { withoutComments } from '../../libs/tracing/src/typeorm/sql/without-comments.js';
import { describeStatementError } from '../../libs/tracing/src/typeorm/statement/statement-error.js';

/** Something that reads text which others write, and the characters that mean something to it. */
export interface OutsideScanner {
  readonly name: string;
  readonly alphabet: readonly string[];
  readonly scan: (text: string) => unknown;
}

const { query, url } = createUrlRedaction(['card']);
const propagator = new W3cPropagator();
const ignores = ignoreRule(['/health', '/internal/*']);
const isSampled = globTest('a*ab*b.*/a*');
const router = {
  stack: ['/a/:a', '/:a/a/*rest', '/v:a/:b.json/a', '/a/a/a/a/:x/:y'].map((path) => ({
    route: { path, methods: { get: true } },
  })),
};
const routes = new ExpressTable(
  () => router,
  () => false,
);
const isInternal = destinationRule(['internal', '*.example.com'], 'test');
const redactReason = redactor(['secret', 'Bearer']);
const postgres = dialectOf('postgresql');
const mysql = dialectOf('mysql');
const SILENT = { recordException: () => undefined } as unknown as Span;

function carry(headers: Record<string, string>): object {
  const sent = {};
  const ctx = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  propagator.inject(ctx, sent, defaultTextMapSetter);
  return sent;
}

function failedWith(message: string): Error {
  return new Error(message);
}

/** The viewer refuses what is no id by throwing. */
function viewerId(text: string): unknown {
  try {
    return idOf({ id: text }, 'id', 8);
  } catch (refusal) {
    return refusal;
  }
}

/** Every scanner of this repository that sees text from outside of the process. */
export const OUTSIDE_SCANNERS: readonly OutsideScanner[] = [
  { name: 'redaction of a query', alphabet: ['[', ']', '=', '&', '%', '.'], scan: query },
  {
    name: 'redaction of an encoded query',
    alphabet: ['%5B', '%5D', '%25', '%3D', '=', 'a'],
    scan: query,
  },
  {
    name: 'redaction of nested URLs',
    alphabet: ['?', '#', '=', '/', '@', '%2F'],
    scan: (text) => query(`next=${text}`),
  },
  {
    name: 'redaction of an outgoing URL',
    alphabet: ['[', '?', '=', '&', '#', '/'],
    scan: (text) => url(new URL(`http://host/${text}`)),
  },
  {
    name: 'redaction of a text',
    alphabet: ['://', ':', '/', '@', '?', ' '],
    scan: redactText,
  },
  {
    name: 'the message and stack of an exception',
    alphabet: ['\n', ' at ', '://', '@', ':', '='],
    scan: (text) => recordException(SILENT, failedWith(text)),
  },
  { name: 'path of a target', alphabet: ['/', '?', '#', 'http://', ':', '%'], scan: pathOf },
  {
    name: 'the table of routes of Express',
    alphabet: ['/', 'a', 'v', '.json', '?', '%'],
    scan: (target) => routes.find('GET', `/${target}`),
  },
  { name: 'patterns of sampling rules', alphabet: ['a', 'b', '.', '/'], scan: isSampled },
  {
    name: 'rules for ignored paths',
    alphabet: ['/', '?', '#', 'health', '*', '%'],
    scan: (url) => ignores?.({ url } as never, {}),
  },
  {
    name: 'method',
    alphabet: ['G', 'g', 'ß', 'İ', '-', '_'],
    scan: requestMethod,
  },
  {
    name: 'Host and :authority',
    alphabet: ['[', ']', ':', '1', '%', 'a'],
    // The server's own bound does not count: the expression has to hold by itself.
    scan: (text) => [hostAndPort(text), hostAndPort(text.slice(0, 512))],
  },
  { name: 'addresses', alphabet: ['::ffff:', ':', '1', '.', 'F', ' '], scan: plainAddress },
  {
    name: 'host names that are one’s own network',
    alphabet: ['.', '1', 'svc', 'a', '-', ':'],
    scan: (text) => isInternal({ hostname: text, host: text } as URL),
  },
  {
    name: 'header attributes',
    alphabet: [',', ';', '=', ' ', '"', 'a'],
    scan: (text) => headerAttributes('http.request.header', ['X-Team', 'Cookie'], () => text),
  },
  { name: 'traceparent', alphabet: ['0', '-', 'f', ' ', '\t', 'g'], scan: parseTraceParent },
  { name: 'tracestate', alphabet: ['a', '=', ',', ' ', '@', '\t'], scan: W3cTraceState.parse },
  { name: 'baggage', alphabet: ['a', '=', ',', ';', '%', ' '], scan: parseBaggage },
  {
    name: 'trace headers, carried on',
    alphabet: ['a', '=', ',', ';', '%41', ' '],
    scan: (text) =>
      carry({
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        tracestate: text,
        baggage: text,
      }),
  },
  {
    name: 'statements of PostgreSQL',
    alphabet: ["'", '$', '/*', '--', '(', ','],
    scan: (text) => describeStatement(text, postgres, false),
  },
  {
    name: 'statements of MySQL',
    alphabet: ['"', '`', '\\', '#', '*/', 'SELECT '],
    scan: (text) => describeStatement(text, mysql, false),
  },
  {
    name: 'words of statements',
    alphabet: ['FROM ', 'JOIN ', 'a', '.', '1', ' '],
    scan: (text) => describeStatement(text, postgres, false),
  },
  {
    name: 'comments of statements',
    alphabet: ['/*', '*/', '--', '#', '\n', "'"],
    scan: (text) => withoutComments(text, mysql),
  },
  {
    name: 'errors of databases',
    alphabet: ['\n    at ', '(', ')', ':1', '<anonymous>', ' '],
    scan: (text) => describeStatementError(failedWith(text), false),
  },
  {
    name: 'documents of GraphQL',
    alphabet: ['{', '"', '\\', '#', ':', '\n'],
    scan: (text) => [operationIn(text, undefined), redactDocument(text, Infinity)],
  },
  {
    name: 'words of documents of GraphQL',
    alphabet: ['a', '-1', '...', '(', ')', ' '],
    scan: (text) => [operationIn(text, 'a'), redactDocument(text, Infinity)],
  },
  {
    name: 'what a collector says',
    alphabet: [' ', '\t', '\n', 'a', 'secret', '\r'],
    scan: redactReason,
  },
  {
    name: 'texts in the viewer',
    alphabet: [' ', '\u{1b}', '\n', 'a', '\u{200b}', '\t'],
    scan: printable,
  },
  { name: 'ids in the viewer', alphabet: ['0', '1', 'f', 'A', '-', ' '], scan: viewerId },
];
