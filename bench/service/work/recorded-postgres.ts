import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { MemorySocket } from './memory-socket.js';
import type { TurnsOfIo } from './turns-of-io.js';

/** How the last message of every answer begins: ReadyForQuery, of five bytes. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

/**
 * Connections to PostgreSQL that ask the real one for each text once, and answer by what it said from then
 * on. Nothing is kept on a connection but the session itself: what is sent has to say all it means.
 */
export class RecordedPostgres {
  readonly #address: { host: string; port: number };
  readonly #io: TurnsOfIo;
  readonly #answers = new Map<string, Buffer>();
  readonly #real: Socket[] = [];

  constructor(address: { host: string; port: number }, io: TurnsOfIo) {
    this.#address = address;
    this.#io = io;
  }

  /** What pg is given as its `stream`. */
  readonly connection = (): MemorySocket => {
    const real = connect(this.#address);
    this.#real.push(real);
    let question = '';
    let answer: Buffer[] = [];
    const socket = new MemorySocket((bytes) => {
      question = bytes.toString('latin1');
      const known = this.#answers.get(question);
      if (known === undefined) real.write(bytes);
      else this.#io.add(() => socket.push(known));
    });
    real.on('data', (bytes) => {
      answer.push(bytes);
      const whole = Buffer.concat(answer);
      if (!whole.subarray(-6, -1).equals(READY)) return;
      answer = [];
      if (question.includes('SELECT')) this.#answers.set(question, whole);
      socket.push(whole);
    });
    return socket;
  };

  close(): void {
    for (const real of this.#real) real.destroy();
  }
}
