import { describe, expect, it } from 'vitest';
import { bytesOf, numberOf, wireFields } from './wire-reader.js';

const read = (...bytes: number[]): unknown[] => [...wireFields(Uint8Array.from(bytes))];

describe('the fields of a message', () => {
  it('are numbers and bytes; what has a fixed width is passed over', () => {
    const message = [8, 0x96, 1, 18, 2, 1, 2, 29, 0, 0, 0, 0, 33, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(read(...message)).toEqual([
      { number: 1, value: 150 },
      { number: 2, value: Uint8Array.of(1, 2) },
    ]);
  });

  it('have the last value of several, as protobuf has it', () => {
    expect(numberOf(Uint8Array.of(8, 1, 8, 2), 1)).toBe(2);
    expect(bytesOf(Uint8Array.of(10, 1, 5, 10, 1, 6), 1)).toEqual(Uint8Array.of(6));
  });

  it('may be negative', () => {
    const minusFive = [0xfb, ...Array<number>(8).fill(0xff), 1];
    expect(numberOf(Uint8Array.of(8, ...minusFive), 1)).toBe(-5);
    expect(numberOf(Uint8Array.of(8, ...Array<number>(9).fill(0x80), 1), 1)).toBe(-(2 ** 63));
  });

  it.each([
    ['a number of 11 bytes', [8, ...Array<number>(10).fill(0xff), 1]],
    ['a number of 400 bytes', [8, ...Array<number>(400).fill(0xff), 1]],
    ['a number of more than 64 bits', [8, ...Array<number>(9).fill(0xff), 2]],
    ['a number that is cut off', [8, 0x80]],
    ['bytes that are cut off', [10, 5, 1]],
    ['bytes of a length without end', [10, ...Array<number>(9).fill(0xff), 1]],
    ['a field without a number', [2, 0]],
    ['a group', [11, 12]],
    ['HTML', [...Buffer.from('<html>')]],
    ['JSON', [...Buffer.from('{"a":1}')]],
  ])('are none in %s', (_, bytes) => {
    expect(() => read(...bytes)).toThrow(RangeError);
  });
});
