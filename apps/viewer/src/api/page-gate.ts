import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import { refuseOtherSites } from '../receiving/allowed-caller.js';
import { contentTypeOf, pathOf } from '../receiving/http-route.js';
import { JSON_TYPE } from '../receiving/http-answer.js';
import { Refusal } from '../receiving/refusal.error.js';

/** Nothing from elsewhere, nothing inline, and no text becomes markup or script. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/**
 * Lets requests for the page and its API through to Nest: from the page itself, from a person who
 * types the address, and from programs; never from the page of another site.
 */
@Injectable()
export class PageGate {
  constructor(
    private readonly adapter: HttpAdapterHost,
    @Inject(VIEWER_OPTIONS) private readonly options: Pick<ViewerOptions, 'hasPage'>,
  ) {}

  get isOpen(): boolean {
    return this.options.hasPage;
  }

  /** Hands a request over. @throws Refusal if another site can have sent it. */
  pass(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    refuseOtherSites(request.headers);
    refuseForms(request);
    const handle =
      this.adapter.httpAdapter.getInstance<
        (request: IncomingMessage, response: ServerResponse) => void
      >();
    handle(request, response);
  }
}

/** What a form of another site could send changes nothing. */
function refuseForms(request: IncomingMessage): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (!pathOf(request).startsWith('/api/')) {
    throw new Refusal('unknown_path', 'There is nothing here; OTLP goes to /v1/traces, /v1/logs.');
  }
  if (contentTypeOf(request) === JSON_TYPE) return;
  throw new Refusal('unknown_type', `Send ${JSON_TYPE}.`);
}
