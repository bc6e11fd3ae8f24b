import { describe, expect, it } from 'vitest';
import { readExportResponse, readJsonResponse, readRetryInfo } from './export-response.js';

const rejecting = (...count: number[]): Uint8Array =>
  Uint8Array.of(10, count.length + 1, 8, ...count);

describe('a response to an export', () => {
  it('may be empty, and rejects nothing then', () => {
    expect(readExportResponse(new Uint8Array())).toMatchObject({ rejected: 0, message: '' });
  });

  it('rejects so many, never fewer than none, and a number that is finite', () => {
    expect(readExportResponse(rejecting(7))?.rejected).toBe(7);
    expect(readExportResponse(rejecting(...Array<number>(9).fill(0xff), 1))?.rejected).toBe(0);
    const most = readExportResponse(rejecting(...Array<number>(8).fill(0xff), 0x7f))?.rejected;
    expect(Number.isFinite(most)).toBe(true);
  });

  it('is none where it is no message', () => {
    expect(readExportResponse(rejecting(...Array<number>(12).fill(0xff), 1))).toBeUndefined();
    expect(readExportResponse(Buffer.from('<html>'))).toBeUndefined();
  });

  it.each([
    ['{}', 0],
    ['{"partialSuccess":{}}', 0],
    ['{"partialSuccess":null}', 0],
    ['{"partialSuccess":{"rejectedSpans":"3"}}', 3],
    ['{"partialSuccess":{"rejectedSpans":3.9}}', 3],
    ['{"partialSuccess":{"rejectedSpans":"all"}}', 0],
    ['{"partialSuccess":{"rejectedSpans":1e999}}', 0],
    ['{"partialSuccess":{"rejectedSpans":-1}}', 0],
  ])('may be the JSON %s', (json, rejected) => {
    expect(readJsonResponse(Buffer.from(json))?.rejected).toBe(rejected);
  });

  it.each(['', '[', '5', 'null', '"x"', '<html>'])('is none as the JSON %j', (json) => {
    expect(readJsonResponse(Buffer.from(json))).toBeUndefined();
  });
});

it('details that are no google.rpc.Status ask for no wait', () => {
  expect(readRetryInfo(undefined)).toBeUndefined();
  expect(readRetryInfo(Uint8Array.of(0xff, 0xff))).toBeUndefined();
  expect(readRetryInfo(new Uint8Array())).toBeUndefined();
});
