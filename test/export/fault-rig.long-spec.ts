import { isSoak } from '../support/bound.js';
import { describeFaults } from './fault-rig.js';

/** One of each kind, and on the main thread what differs there, who waits for whom. */
const MOST = {
  worker:
    /accepts|busy|hour|ages|past|more than|400 bytes|portal|never ends|hangs$|cuts$|escape| 99|JSON$|hole|SSH|nothing listens|other protocol/,
  main: /accepts|an hour|hangs$|always busy|black hole|nothing listens|other protocol/,
};

describeFaults({
  ways: isSoak ? ['natural', 'close', 'exit'] : ['natural'],
  isTried: (fault, _, thread) => isSoak || MOST[thread].test(fault),
});
