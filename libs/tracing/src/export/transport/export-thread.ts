import { parentPort, workerData } from 'node:worker_threads';
import { startWatching } from '../../watchdog/thread/watcher.js';
import { createTransport } from './create-transport.js';
import { ExportCore } from './export-core.js';
import { SharedLedger } from '../accounts/shared-ledger.js';
import type { FromThread, ThreadData, ToThread } from './messages.js';
import { copyOut } from './shared-slice.js';

const port = parentPort;
if (port !== null) void run(workerData as ThreadData);

/** The export thread: the sending side behind a message port. */
async function run({ settings, ledger }: ThreadData): Promise<void> {
  const transport = await createTransport(settings);
  const books = new SharedLedger(ledger);
  const core = new ExportCore(settings, transport, books, {
    onLoss: (loss) => tell({ type: 'loss', loss }),
    onStatus: (fault) => tell({ type: 'collector', fault }),
  });
  port?.on('message', (message: ToThread) => obey(core, message));
  books.markReady();
  if (settings.watch !== undefined) await startWatching(settings.watch);
}

function obey(core: ExportCore, message: ToThread): void {
  switch (message.type) {
    case 'resource':
      return core.setResource(message.bytes, message.schemaUrl);
    case 'scope':
      return core.addScope(message.scope);
    case 'spans':
      return core.receive(copyOut(message.slice), message.count);
    case 'takeOver':
      return core.takeOver(message.unsent);
    case 'flush':
      return void core
        .flush(message.timeoutMillis)
        .then((left) => tell({ type: 'flushed', id: message.id, left }));
    case 'drain':
      return void core.drain(message.timeoutMillis).then(() => tell({ type: 'drained' }));
  }
}

function tell(message: FromThread): void {
  port?.postMessage(message);
}
