import { Module } from '@nestjs/common';
import type { TracingModuleOptions } from './options/tracing-options.interface.js';
import { loadWhatIsAsked } from './sdk/node-sdk-configuration.js';
import { SetupOrigin } from './sdk/setup-origin.js';
import { TracingHost } from './tracing.host.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './tracing.module-definition.js';

/**
 * Starts tracing with the options of the application. It is always global and exports what has no
 * public name, so that `TracingModule` finds it wherever it is imported again, and nobody else does.
 */
@Module({
  providers: [
    {
      provide: TracingHost,
      useFactory: (options: TracingModuleOptions | undefined, setUpAt?: SetupOrigin) => {
        const start = () => TracingHost.start(options, setUpAt);
        const loading = loadWhatIsAsked(options?.sdk);
        // What could not be loaded is missed by the start, which reports it.
        return loading === undefined ? start() : loading.then(start, start);
      },
      inject: [MODULE_OPTIONS_TOKEN, { token: SetupOrigin, optional: true }],
    },
  ],
  exports: [TracingHost],
})
export class TracingHostModule extends ConfigurableModuleClass {}
