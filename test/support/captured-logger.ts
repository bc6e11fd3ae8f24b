import type { LoggerService } from '@nestjs/common';

/** A Nest logger that keeps what it is told, as `level: message`. */
export class CapturedLogger implements LoggerService {
  readonly lines: string[] = [];

  log(message: unknown): void {
    this.#keep('log', message);
  }

  warn(message: unknown): void {
    this.#keep('warn', message);
  }

  error(message: unknown): void {
    this.#keep('error', message);
  }

  fatal(message: unknown): void {
    this.#keep('fatal', message);
  }

  /** The lines that are not Nest's own about starting. */
  get about(): string[] {
    return this.lines.filter(
      (line) => !/dependencies initialized|Starting Nest|^log: Nest /.test(line),
    );
  }

  #keep(level: string, message: unknown): void {
    this.lines.push(`${level}: ${String(message)}`);
  }
}
