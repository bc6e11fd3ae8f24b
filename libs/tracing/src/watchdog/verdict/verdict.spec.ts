import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import type { Stall } from '../pulse/stall.interface.js';
import type { Sample } from '../sampling/sample.interface.js';
import type { Cause } from './cause.js';
import { Verdict } from './verdict.js';

const APPLICATION = '/app/src/prices.controller.js';
const NEST = '/app/node_modules/@nestjs/core/router/router-execution-context.js';
const NODE = 'node:internal/crypto/scrypt';
const SPAN = trace.wrapSpanContext({
  traceId: '1'.repeat(32),
  spanId: '2'.repeat(16),
  traceFlags: 1,
});
const CONTEXT = trace.setSpan(ROOT_CONTEXT, SPAN);

/** The script, the name and the line of a call. */
type Call = readonly [script: string, functionName: string, line: number];

/** An answer: when it was asked for and came, the processor time used by then, and from where. */
type Answer = readonly [askedAt: number, answeredAt: number, cpuMillis: number, ...calls: Call[]];

const LOOP: Call = [APPLICATION, 'PricesController.list', 12];
const ROUTER: Call = [NEST, 'callback', 61];
const ENTERED: Call = [APPLICATION, 'next', 3];
const SCRYPT: Call[] = [
  [NODE, 'handleError', 140],
  [NODE, 'scryptSync', 100],
];

it("names the application's line that one answer saw, however many saw only its caller in a library", () => {
  const { shares } = verdictOn(
    [50, 50, 50, LOOP, ROUTER],
    [75, 200, 200, ENTERED, ROUTER],
    [225, 390, 390, ENTERED, ROUTER],
  );
  expect(shares.map(({ culprit }) => culprit)).toEqual([
    expect.objectContaining({ name: 'PricesController.list', line: 12 }),
  ]);
});

it('K7 takes code that had to wait for the processor for no native code', () => {
  const [late, later]: Answer[] = [
    [100, 180, 60, LOOP, ROUTER],
    [205, 330, 85, LOOP, ROUTER],
  ];
  expect(causeOn(160, [50, 50, 30, LOOP, ROUTER], late!, later!)).toBe('js');
});

it('K7 tells native code that shared the processor with others', () => {
  expect(causeOn(160, [50, 395, 155, ...SCRYPT, LOOP, ROUTER])).toBe('native');
  expect(causeOn(400, [50, 395, 395, ...SCRYPT, LOOP, ROUTER])).toBe('native');
});

it('K7 tells a call that waits from code that shared the processor', () => {
  expect(causeOn(10, [50, 395, 9, ...SCRYPT, LOOP, ROUTER])).toBe('waiting');
  expect(causeOn(60, [50, 395, 55, ...SCRYPT, LOOP, ROUTER])).toBe('waiting');
});

it('K7 takes code that the machine had hardly a processor for no wait', () => {
  const answer: Answer = [50, 380, 30, LOOP, ROUTER];
  expect(causeOf(judge(35, [answer]))).toBe('waiting');
  expect(causeOf(judge(35, [answer], 250))).toBe('js');
});

/** On a stall of 400 ms. */
function verdictOn(...answers: readonly Answer[]): Verdict {
  return judge(400, answers);
}

function causeOn(cpuMillis: number, ...answers: readonly Answer[]): Cause | undefined {
  return causeOf(judge(cpuMillis, answers));
}

function causeOf(verdict: Verdict): Cause | undefined {
  const [share] = verdict.shares;
  return share && verdict.causeOf(share);
}

function judge(cpuMillis: number, answers: readonly Answer[], starvedMillis = 0): Verdict {
  const stall: Stall = { startedAt: 0, endedAt: 400, cpuFrom: 0, cpuMillis, starvedMillis };
  return new Verdict(answers.map(sampleOf), stall, 0, new WeakMap());
}

function sampleOf([askedAt, answeredAt, cpuMillis, ...calls]: Answer): Sample {
  const stack = calls.map(([scriptName, functionName, lineNumber]) => ({
    scriptName,
    functionName,
    lineNumber,
    columnNumber: 1,
    scriptId: '1',
    column: 1,
  }));
  return { askedAt, answeredAt, cpuMillis, context: CONTEXT, stack };
}
