import { parentPort, workerData } from 'node:worker_threads';
import { createSender } from '../core/create-sender.js';
import { ExportCore } from '../core/export-core.js';
import { SharedLedger } from '../core/shared-ledger.js';
import type { FromThread, ThreadData, ToThread } from './messages.js';

const port = parentPort;
if (port !== null) void run(workerData as ThreadData);

/** The export thread: the sending side behind a message port. */
async function run({ settings, ledger }: ThreadData): Promise<void> {
  const sender = await createSender(settings);
  const books = new SharedLedger(ledger);
  const core = new ExportCore(
    settings,
    sender,
    books,
    (loss) => tell({ type: 'loss', loss }),
    (fault) => tell({ type: 'reach', fault }),
  );
  port?.on('message', (message: ToThread) => obey(core, message));
  books.markReady();
}

function obey(core: ExportCore, message: ToThread): void {
  switch (message.type) {
    case 'resource':
      return core.setResource(message.bytes, message.schemaUrl);
    case 'scope':
      return core.addScope(message.scope);
    case 'spans':
      return core.receive(message.slice, message.count);
    case 'takeOver':
      return core.takeOver(message.unsent);
    case 'flush':
      return void core.flush().then((left) => tell({ type: 'flushed', id: message.id, left }));
    case 'drain':
      return void core.drain(message.timeoutMillis).then(() => tell({ type: 'drained' }));
  }
}

function tell(message: FromThread): void {
  port?.postMessage(message);
}
