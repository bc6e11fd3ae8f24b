import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { TracingModuleOptions } from './options/tracing-options.interface.js';

/** The base of `TracingHostModule`: `forRoot`, `forRootAsync` and the options' token. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<TracingModuleOptions>({
    moduleName: 'Tracing',
    optionsInjectionToken: 'nestjs-tracing:options',
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createTracingOptions')
    // `isGlobal` is about `TracingModule`, which reads it; the host is there for all of them.
    .setExtras({ isGlobal: true }, (definition) => ({ ...definition, global: true }))
    .build();
