import type { FaultAnswer, Protocol } from './fault-servers.js';
import { encodeOverlongAnswer, encodeRejection, encodeRetryInfo } from './otlp-wire.js';

/** A collector's fault: what it answers to each request, by its number from 0. */
interface FaultCase {
  readonly name: string;
  readonly answer: (request: number) => FaultAnswer;
  /** What must be true of the spans, where the fault decides it. */
  readonly exportsAll?: boolean;
  readonly exportsNone?: boolean;
  /** Whether a request is given up in a moment, where else nothing would come of it. */
  readonly isImpatient?: boolean;
}

const ESCAPES = '\u001b[2J\u001b]0;owned\u0007\r\nlog: forged \u202e txt';

/** Asks for a wait by RetryInfo, or by Retry-After, which may be a date. */
function asksToWait(protocol: Protocol, millis: number, header: string): FaultAnswer {
  if (protocol === 'http') return { code: 429, raw: { headers: { 'retry-after': header } } };
  const details = encodeRetryInfo(8, millis).toString('base64');
  return { code: 8, raw: { headers: { 'grpc-status-details-bin': details } } };
}

/** Accepts, in words that are no response of a collector. */
function accepts(body: Buffer, type?: string): FaultAnswer {
  const typed = type === undefined ? {} : { 'content-type': type };
  return { raw: { body, headers: typed, first: typed } };
}

const HTML = Buffer.from('<!doctype html><title>Sign in to the network</title>');

/** Every fault of a collector's answers, over one protocol. */
export function faultCases(protocol: Protocol): readonly FaultCase[] {
  const isGrpc = protocol === 'grpc';
  const busy = { code: isGrpc ? 14 : 503 };
  const waits = (name: string, millis: number, header: string): FaultCase => ({
    name: `asks to wait for ${name}`,
    answer: () => asksToWait(protocol, millis, header),
    exportsNone: true,
  });
  const day = 86_400_000;
  const both: FaultCase[] = [
    { name: 'accepts', answer: () => ({}), exportsAll: true },
    { name: 'is slow', answer: () => ({ delayMillis: 100 }), exportsAll: true },
    { name: 'is busy once', answer: (n) => (n === 0 ? busy : {}), exportsAll: true },
    { name: 'is always busy', answer: () => busy, exportsNone: true },
    { name: 'refuses', answer: () => ({ code: isGrpc ? 3 : 400 }), exportsNone: true },
    { name: 'is not there', answer: () => ({ code: isGrpc ? 12 : 404 }), exportsNone: true },
    waits('an hour', 3_600_000, '3600'),
    waits('30 days', 30 * day, '2592000'),
    waits('ages', 1e13, '9999999999'),
    waits('2099', 73 * 365 * day, 'Thu, 31 Dec 2099 23:59:59 GMT'),
    waits('the past', -1000, 'Fri, 31 Dec 1999 23:59:59 GMT'),
    waits('less than nothing', -1000, '-1'),
    waits('no time', 0, '0'),
    { name: 'rejects some', answer: () => ({ rejected: 2, message: ESCAPES }) },
    {
      name: 'rejects more than it got',
      answer: () => accepts(encodeRejection(1e9)),
      exportsNone: true,
    },
    {
      name: 'rejects less than none',
      answer: () => accepts(encodeRejection(-5)),
      exportsAll: true,
    },
    { name: 'counts in 14 bytes', answer: () => accepts(encodeOverlongAnswer(14)) },
    { name: 'counts in 400 bytes', answer: () => accepts(encodeOverlongAnswer(400)) },
    {
      name: 'is a captive portal',
      answer: () => accepts(HTML, 'text/html; charset=utf-8'),
      exportsNone: true,
    },
    { name: 'never ends its answer', answer: () => ({ raw: { endless: true } }), exportsAll: true },
    { name: 'hangs', answer: () => ({ hangs: true }), exportsNone: true },
    {
      name: 'hangs once',
      answer: (n) => ({ hangs: n === 0 }),
      exportsAll: true,
      isImpatient: true,
    },
    { name: 'cuts', answer: () => ({ cuts: true }), exportsNone: true },
    { name: 'cuts once', answer: (n) => ({ cuts: n === 0 }), exportsAll: true },
  ];
  return [...both, ...(isGrpc ? grpcCases : httpCases)];
}

const grpcCases: readonly FaultCase[] = [
  {
    name: 'writes escape sequences',
    answer: () => ({ code: 3, message: ESCAPES }),
    exportsNone: true,
  },
  ...['99', '-1', 'zero', '1e1', '7777777777'].map((status) => ({
    name: `has the status ${status}`,
    answer: () => ({
      code: 3,
      raw: { headers: { 'grpc-status': status, 'grpc-message': '%zz%' } },
    }),
    exportsNone: true,
  })),
  {
    name: 'sends details that are none',
    answer: () => ({ code: 8, raw: { headers: { 'grpc-status-details-bin': '/////w==' } } }),
    exportsNone: true,
  },
  ...[301, 404, 500, 503].map((status) => ({
    name: `answers HTTP ${status}`,
    answer: () => ({
      code: 2,
      raw: {
        first: { ':status': String(status), 'content-type': 'text/html' },
        headers: { 'grpc-status': '' },
      },
    }),
    exportsNone: true,
  })),
];

const httpCases: readonly FaultCase[] = [
  {
    name: 'answers in JSON',
    answer: () => accepts(Buffer.from('{}'), 'application/json'),
    exportsAll: true,
  },
  {
    name: 'rejects in JSON what is no number',
    answer: () =>
      accepts(Buffer.from('{"partialSuccess":{"rejectedSpans":"all"}}'), 'application/json'),
    exportsAll: true,
  },
  {
    name: 'answers in no JSON',
    answer: () => accepts(HTML, 'application/json'),
    exportsNone: true,
  },
  { name: 'answers in a text', answer: () => accepts(Buffer.from('welcome')), exportsNone: true },
  {
    name: 'answers with 100 KB',
    answer: () => accepts(Buffer.alloc(100_000, 'x')),
    exportsNone: true,
  },
  {
    name: 'redirects',
    answer: () => ({ code: 302, raw: { headers: { location: '/login' } } }),
    exportsNone: true,
  },
  ...['soon', 'NaN', '1e400', ''].map((header) => ({
    name: `asks to wait for "${header}"`,
    answer: () => ({ code: 429, raw: { headers: { 'retry-after': header } } }),
    exportsNone: true,
  })),
];
