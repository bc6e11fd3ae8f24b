import { Injectable } from '@nestjs/common';
import { inflate } from '../inflate.js';
import { parseJsonMessage } from './json-message.js';
import type { HttpService } from './otlp-services.js';
import { ReceptionRegistry } from '../reception.registry.js';
import { TelemetryIntake } from '../telemetry.intake.js';

/** How a body was made from its message. */
export interface BodyForm {
  readonly isJson: boolean;
  readonly isGzipped: boolean;
}

/** Takes in the bodies that both receivers read. */
@Injectable()
export class OtlpReception {
  constructor(
    private readonly intake: TelemetryIntake,
    private readonly registry: ReceptionRegistry,
  ) {}

  /** @throws Refusal if anything in the body is not what OTLP has there; nothing of it is then taken. */
  take(service: HttpService, body: Buffer, { isJson, isGzipped }: BodyForm): void {
    const bytes = isGzipped ? inflate(body) : body;
    const telemetry = service.read(isJson ? parseJsonMessage(bytes) : service.decode(bytes));
    this.registry.countTaken(telemetry);
    this.intake.add(telemetry);
  }
}
