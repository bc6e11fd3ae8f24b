import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, NotFoundException, Req, Res } from '@nestjs/common';
import { pathOf } from '../receiving/http-route.js';
import { Refusal } from '../receiving/refusal.error.js';
import { PageFiles } from './page-files.js';

/** The page; in a module of its own, after all others, as it takes every address that is left. */
@Controller()
export class PageController {
  constructor(private readonly files: PageFiles) {}

  @Get(['/', '/*path'])
  page(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    const path = pathOf(request);
    const file = this.files.find(path);
    if (file) response.writeHead(200, { 'content-type': file.type }).end(file.body);
    else if (path === '/')
      throw new NotFoundException('The page is not built: npm run build:page.');
    else throw new Refusal('unknown_path', 'There is nothing at this address.');
  }
}
