import type { ServerResponse } from 'node:http';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { JSON_TYPE } from '../receiving/http-answer.js';
import { ReceptionRegistry } from '../receiving/reception.registry.js';
import { Refusal } from '../receiving/refusal.error.js';
import { SearchError } from '../search/search.error.js';
import type { ApiFault } from '../wire/overview.interface.js';
import { FileError } from '../exchange/file.error.js';

/** Answers every fault with its status and one sentence, and counts what was refused. */
@Catch()
export class ApiFilter implements ExceptionFilter {
  constructor(private readonly registry: ReceptionRegistry) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { status, fault } = this.#read(error, http.getRequest<{ readonly route?: object }>());
    const response = http.getResponse<ServerResponse>();
    if (response.headersSent) return void response.destroy();
    response.writeHead(status, { 'content-type': JSON_TYPE }).end(JSON.stringify(fault));
  }

  #read(
    error: unknown,
    { route }: { readonly route?: object },
  ): { status: number; fault: ApiFault } {
    if (error instanceof SearchError || error instanceof FileError) {
      return { status: 400, fault: { message: error.message, at: error.at } };
    }
    // What Nest refuses, it refuses for want of a route; ours say what is not there.
    if (error instanceof HttpException && (route || error.getStatus() !== 404)) {
      return { status: error.getStatus(), fault: { message: error.message } };
    }
    const refusal =
      error instanceof HttpException
        ? new Refusal('unknown_path', 'There is nothing at this address.')
        : Refusal.from(error);
    this.registry.countRefused(refusal);
    return { status: refusal.httpStatus, fault: { message: refusal.message } };
  }
}
