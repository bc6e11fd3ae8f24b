import { describe, expect, it } from 'vitest';
import { standIn } from '../decorators/stand-in.js';
import { PlacedMethods } from './placed-methods.js';
import type { MakeStandIn, PlacedOn } from './placed-methods.js';

const purpose = () => new PlacedMethods<string>({ current: new WeakMap() as PlacedOn<string> });

/** A class with a method, and stand-ins that tell their users when it is called. */
function makeBoard() {
  class Board {
    calls(): string[] {
      return [];
    }
  }
  const { prototype } = Board;
  const { calls } = prototype;
  const tell: MakeStandIn<string> = (method, users) =>
    standIn(method, (receiver, args) => [
      ...users,
      ...(Reflect.apply(method, receiver, args) as string[]),
    ]);
  const isBare = () => prototype.calls === calls;
  return { prototype, tell, isBare, board: new Board() };
}

describe('stand-ins of two purposes on one method', () => {
  it.each([
    ['lower first', 0],
    ['upper first', 1],
  ])('are gone when both were taken out: %s', (_, at) => {
    const { prototype, tell, isBare, board } = makeBoard();
    const takeOut = ['lower', 'upper'].map((user) =>
      purpose().place(prototype, 'calls', user, tell),
    );
    expect(board.calls()).toEqual(['upper', 'lower']);
    takeOut.splice(at, 1)[0]?.();
    expect(board.calls()).toEqual([at === 0 ? 'upper' : 'lower']);
    takeOut[0]?.();
    expect(isBare()).toBe(true);
  });

  it('are joined where they wait under another one, so that there are never more than two', () => {
    const { prototype, tell, isBare, board } = makeBoard();
    const [lower, upper] = [purpose(), purpose()];
    let passed = 0;
    const make: typeof tell = (method, users) =>
      standIn(method, (receiver, args) => {
        passed += 1;
        return [...users, ...(Reflect.apply(method, receiver, args) as string[])];
      });
    let takeOut = lower.place(prototype, 'calls', 'lower', make);
    for (let round = 0; round < 5; round += 1) {
      const next = (round % 2 === 0 ? upper : lower).place(prototype, 'calls', `${round}`, make);
      takeOut();
      takeOut = next;
      passed = 0;
      expect(board.calls()).toEqual([`${round}`]);
      expect(passed).toBeLessThanOrEqual(2);
    }
    takeOut();
    expect(isBare()).toBe(true);
  });

  it('are gone with the next user, where somebody else lay over them', () => {
    const { prototype, tell, isBare } = makeBoard();
    const lower = purpose();
    const takeOut = lower.place(prototype, 'calls', 'lower', tell);
    const ours = prototype.calls;
    prototype.calls = () => ['theirs'];
    takeOut();
    prototype.calls = ours;
    expect(prototype.calls()).toEqual([]);
    lower.place(prototype, 'calls', 'next', tell)();
    expect(isBare()).toBe(true);
  });
});
