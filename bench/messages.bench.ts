import type { Bench } from './bench.interface.js';
import { ReceiverProcess } from './export/receiver-process.js';
import { HEAD, comparedOver } from './messages/comparison.js';
import { TRANSPORTS, modesOf } from './messages/modes.js';
import { table } from './table.js';

const bench: Bench = {
  title:
    'what tracing adds to a message and its answer, client and server in one process: processor time ' +
    'of the main thread, medians [quartiles of the turns]',
  async run() {
    const receiver = await ReceiverProcess.start();
    const rows: (readonly string[])[] = [HEAD];
    for (const over of TRANSPORTS) {
      rows.push([over], ...(await comparedOver('messages', over, modesOf(over), receiver.url)));
    }
    receiver.stop();
    return table(rows);
  },
};

export default bench;
