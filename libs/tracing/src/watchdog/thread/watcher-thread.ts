import { workerData } from 'node:worker_threads';
import type { WatchData } from './watch-data.interface.js';
import { startWatching } from './watcher.js';

// A watcher without an export thread to live in. The port keeps the thread, which keeps no process alive.
const hold = setInterval(() => undefined, 2 ** 30);
void startWatching(workerData as WatchData).finally(() => clearInterval(hold));
