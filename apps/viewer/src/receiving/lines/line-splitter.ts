import { MAX_LINE_CHARS } from '../limits.js';

/** One line of a stream. */
export interface InputLine {
  readonly text: string;
  /** It was longer than a line may be: this is its beginning. */
  readonly isCut: boolean;
}

/** The lines of a stream; of one without an end, never more is held than a line may have. */
export async function* splitLines(input: NodeJS.ReadableStream): AsyncGenerator<InputLine> {
  const line = new GrowingLine();
  input.setEncoding('utf8');
  for await (const chunk of input) {
    const [first = '', ...rest] = String(chunk).split('\n');
    line.add(first);
    for (const next of rest) {
      yield line.take();
      line.add(next);
    }
  }
  if (!line.isEmpty) yield line.take();
}

/** A line that is still being read. */
class GrowingLine {
  #parts: string[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(part: string): void {
    if (this.#length <= MAX_LINE_CHARS) this.#parts.push(part);
    this.#length += part.length;
  }

  take(): InputLine {
    const text = this.#parts.join('').slice(0, MAX_LINE_CHARS);
    const isCut = this.#length > MAX_LINE_CHARS;
    this.#parts = [];
    this.#length = 0;
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text, isCut };
  }
}
