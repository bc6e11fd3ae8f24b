/**
 * Where spans are shown while they run: on the page of `npx nestjs-tracing-viewer`, on this machine only.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ viewer: process.env['NODE_ENV'] !== 'production' });
 * TracingModule.forRoot({ viewer: { endpoint: 'http://localhost:5318' } });
 * ```
 */
export interface ViewerOptions {
  /**
   * The address of the viewer's page: `http://` and this machine, `localhost`, `127.*` or `[::1]`. Default:
   * that of the option `endpoint` where spans go to this machine over HTTP, else http://localhost:4318.
   */
  endpoint?: string;
}
