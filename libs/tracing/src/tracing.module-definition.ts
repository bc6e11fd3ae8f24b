import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { TracingModuleOptions } from './options/tracing-options.interface.js';

/** What `TracingModule` inherits: `forRoot`, `forRootAsync` and the options' token. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<TracingModuleOptions>({
    moduleName: 'Tracing',
    optionsInjectionToken: 'nestjs-tracing:options',
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createTracingOptions')
    .setExtras({ isGlobal: true }, (definition, extras) => ({
      ...definition,
      global: extras.isGlobal,
    }))
    .build();
