import { describeFaults } from './fault-rig.js';

/** One of each kind, over the protocol where it is worst; all of them are in `fault-rig.long-spec.ts`. */
const BRIEF = {
  'grpc worker': /^accepts|hangs$|hole/,
  'http worker': /always busy|other protocol/,
  'grpc main': /hangs$/,
  'http main': /always busy/,
};

describeFaults({
  ways: ['natural'],
  isTried: (fault, protocol, thread) => BRIEF[`${protocol} ${thread}`].test(fault),
});
