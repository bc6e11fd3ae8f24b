import type { ReceiverProcess } from '../export/receiver-process.js';
import { load } from './load.js';
import type { LoadFigures } from './load.js';
import type { Mode, ServiceUsage } from './modes.js';
import type { ServiceProcess } from './service-process.js';

/** What one turn of a mode has shown: what clients saw, and what the service used, times and allocations a request. */
export interface Figures extends LoadFigures, ServiceUsage {
  /** Spans that are recorded of a request. */
  readonly spans: number;
  /** Spans that the receiver got of a request under load: the rest was dropped. */
  readonly received: number;
}

/** So many that the compiler has done with every mode, or as many as a busy machine serves in that time. */
const WARM_UP_REQUESTS = 15_000;
const WARM_UP_SECONDS = 5;
const CONNECTIONS = 32;
const PROBES = 20;

/** A mode whose service is running. */
export class Contestant {
  readonly mode: Mode;
  readonly service: ServiceProcess;
  readonly #receiver: ReceiverProcess;
  #spans = 0;

  constructor(mode: Mode, service: ServiceProcess, receiver: ReceiverProcess) {
    this.mode = mode;
    this.service = service;
    this.#receiver = receiver;
  }

  /** Counts what is recorded of a request, and lets the compiler do its work. */
  async warmUp(): Promise<void> {
    this.#spans = await this.#countSpans();
    const end = performance.now() + WARM_UP_SECONDS * 1000;
    for (let served = 0; served < WARM_UP_REQUESTS && performance.now() < end;) {
      served += (await load(this.service.url, CONNECTIONS, 1)).requests;
    }
    await this.service.ask('end');
  }

  /** Takes a turn. What is left to send when the time is up is sent before the next one's turn. */
  async measure(seconds: number): Promise<Figures> {
    await this.service.ask('begin');
    const before = await this.#receiver.received();
    const seen = await load(this.service.url, CONNECTIONS, seconds);
    const used = await this.service.ask('end');
    const received = ((await this.#receiver.received()) - before) / seen.requests;
    return { ...seen, ...perRequest(used, seen.requests), spans: this.#spans, received };
  }

  /** How many spans a request has when nothing is dropped: whoever records less has an easy game. */
  async #countSpans(): Promise<number> {
    const { service } = this;
    await service.ask('end');
    const before = await this.#receiver.received();
    for (let n = 1; n <= PROBES; n += 1) await (await fetch(`${service.url}/${n}`)).text();
    await service.ask('end');
    return ((await this.#receiver.received()) - before) / PROBES;
  }
}

function perRequest(used: ServiceUsage, requests: number): ServiceUsage {
  return {
    ...used,
    mainMicros: used.mainMicros / requests,
    otherMicros: used.otherMicros / requests,
    allocatedBytes: used.allocatedBytes / requests,
    gcMicros: used.gcMicros / requests,
  };
}
