import type { IncomingMessage } from 'node:http';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { TraceImport } from '../exchange/trace-import.js';
import { BodyReader } from '../receiving/body.reader.js';
import { MAX_IMPORT_BYTES } from '../receiving/limits.js';
import { Refusal } from '../receiving/refusal.error.js';
import type { Imported } from '../wire/overview.interface.js';

/** Takes files. */
@Controller('api/import')
export class ImportController {
  #isBusy = false;

  constructor(
    private readonly bodies: BodyReader,
    private readonly files: TraceImport,
  ) {}

  /** One at a time: a file may be four times what a request may. */
  @Post()
  @HttpCode(200)
  async take(@Req() request: IncomingMessage): Promise<Imported> {
    if (this.#isBusy) throw new Refusal('too_many', 'Another file is being read: try again.');
    this.#isBusy = true;
    try {
      return await this.files.read(await this.bodies.readLarge(request, MAX_IMPORT_BYTES));
    } finally {
      this.#isBusy = false;
    }
  }
}
