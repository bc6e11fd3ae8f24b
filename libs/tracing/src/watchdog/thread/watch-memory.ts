const BEAT = 0;
const STATE = 1;
const READY = 2;
const POKES = 3;
const INSPECTED = 4;
const TOLD = 5;
const STARVED = 6;
const FIELDS = 7;
const HEADER_BYTES = FIELDS * Int32Array.BYTES_PER_ELEMENT;
const TEXT_BYTES = 2048;

/** What the application's thread wants of the watcher. */
export const WATCH = { rest: 0, watch: 1, close: 2 } as const;

type WatchState = (typeof WATCH)[keyof typeof WATCH];

const LISTENS = 1;
const FAILED = 2;

/** What both threads see: the heartbeat, what is wanted of the watcher, and what a blocked thread says. */
export class WatchMemory {
  readonly #fields: Int32Array<SharedArrayBuffer>;
  readonly #text: Uint8Array<SharedArrayBuffer>;

  constructor(readonly buffer = new SharedArrayBuffer(HEADER_BYTES + TEXT_BYTES)) {
    this.#fields = new Int32Array(buffer, 0, FIELDS);
    this.#text = new Uint8Array(buffer, HEADER_BYTES);
  }

  /** Counts how often the heart has beaten; wraps at 32 bits. */
  get beat(): number {
    return Atomics.load(this.#fields, BEAT);
  }

  addBeat(): void {
    Atomics.add(this.#fields, BEAT, 1);
  }

  get state(): WatchState {
    return Atomics.load(this.#fields, STATE) as WatchState;
  }

  /** Also wakes a watcher that waits for it. */
  set state(state: WatchState) {
    Atomics.store(this.#fields, STATE, state);
    Atomics.notify(this.#fields, STATE);
  }

  /** Resolves once the state is another than `rest`, without a timer until then. */
  async untilWanted(): Promise<void> {
    const waiting = Atomics.waitAsync(this.#fields, STATE, WATCH.rest);
    if (waiting.async) await waiting.value;
  }

  get hasFailed(): boolean {
    return Atomics.load(this.#fields, READY) === FAILED;
  }

  markReady(): void {
    Atomics.store(this.#fields, READY, LISTENS);
  }

  /** The watcher cannot ask the application's thread. */
  markFailed(): void {
    Atomics.store(this.#fields, READY, FAILED);
  }

  get pokes(): number {
    return Atomics.load(this.#fields, POKES) >>> 0;
  }

  addPoke(): void {
    Atomics.add(this.#fields, POKES, 1);
  }

  /** Whether a debugger may be attached: `--inspect`, or `inspector.open()`. */
  get isInspected(): boolean {
    return Atomics.load(this.#fields, INSPECTED) === 1;
  }

  set isInspected(isInspected: boolean) {
    Atomics.store(this.#fields, INSPECTED, isInspected ? 1 : 0);
  }

  /** How long the application's thread had no processor in the present stall, as far as is known. */
  get starvedMillis(): number {
    return Atomics.load(this.#fields, STARVED);
  }

  set starvedMillis(millis: number) {
    Atomics.store(this.#fields, STARVED, millis);
  }

  /** Leaves a text for the watcher; an empty one says that there is nothing to say. */
  tell(text: string): void {
    const bytes = new TextEncoder().encode(text).subarray(0, TEXT_BYTES);
    this.#text.set(bytes);
    Atomics.store(this.#fields, TOLD, bytes.length + 1);
  }

  /** Takes the text that was left, or undefined: nobody has answered. */
  takeTold(): string | undefined {
    const told = Atomics.exchange(this.#fields, TOLD, 0);
    return told === 0 ? undefined : new TextDecoder().decode(this.#text.slice(0, told - 1));
  }
}
