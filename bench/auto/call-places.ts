import { CLASSES } from './prices.js';
import type { Prices } from './prices.js';

type Method = 'of' | 'ofAsync';
type Call = (prices: Prices) => unknown;

/**
 * Returns a function that calls an object of each class in turn, all from one place: V8 compiles neither a
 * stand-in nor its method into that, so a stand-in is a whole call more, whatever it does.
 */
export function callFromOnePlace(prices: readonly Prices[], method: Method): () => unknown {
  const call: Call = method === 'of' ? (each) => each.of('key') : (each) => each.ofAsync('key');
  return inTurn(prices, () => call);
}

/** As above, but each class from a place of its own, as a service is in what it is injected into. */
export function callEach(prices: readonly Prices[], method: Method): () => unknown {
  return inTurn(prices, (place) => {
    // V8 knows a text again that it has compiled, with what it has learned: each of these is another.
    const source = `/* ${place} */ return prices.${method}('key');`;
    // oxlint-disable-next-line typescript/no-implied-eval -- closures of one source share what V8 learns
    return new Function('prices', source) as Call;
  });
}

let placesMade = 0;

function inTurn(prices: readonly Prices[], callOf: (place: number) => Call): () => unknown {
  const calls = prices.map(() => callOf((placesMade += 1)));
  let turn = 0;
  return () => {
    turn = (turn + 1) % CLASSES;
    return (calls[turn] as Call)(prices[turn] as Prices);
  };
}
