import { Injectable } from '@nestjs/common';
import { splitLines } from './line-splitter.js';
import { readJsonLine } from './json-line.js';
import { ReceptionRegistry } from '../reception.registry.js';
import { TelemetryIntake } from '../telemetry.intake.js';

/** Receives JSON log lines from a stream. */
@Injectable()
export class LogLines {
  constructor(
    private readonly intake: TelemetryIntake,
    private readonly registry: ReceptionRegistry,
  ) {}

  /** Reads lines until the stream ends; text that is no JSON log line goes to `other` as it is. */
  async read(input: NodeJS.ReadableStream, other: (line: string) => void): Promise<void> {
    for await (const { text, isCut } of splitLines(input)) {
      if (isCut) this.registry.countCutLine();
      const log = isCut ? undefined : readJsonLine(text);
      if (log) this.intake.add({ logs: [log] });
      else other(isCut ? `${text}…` : text);
    }
  }
}
