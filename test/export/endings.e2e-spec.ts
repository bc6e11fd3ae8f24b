import { describeEndings } from './endings.js';

/** One of each thread and protocol; all of them are in `endings.long-spec.ts`. */
const BRIEF = {
  'grpc worker': /^process.exit\(\)$|SIGTERM with exitSignals$/,
  'http worker': /^app.close/,
  'grpc main': /exception/,
  'http main': /^process.exit\(\)$/,
};

describeEndings((way, protocol, thread) => BRIEF[`${protocol} ${thread}`].test(way));
