import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AutomaticTracing } from '../automatic/automatic-tracing.js';
import { CqrsTracing } from '../cqrs/cqrs-tracing.js';
import { GraphqlTracing } from '../graphql/graphql-tracing.js';
import { RpcTracing } from '../rpc/rpc-tracing.js';
import { WebSocketTracing } from '../websockets/websocket-tracing.js';
import { ProtocolTracing } from './protocol-tracing.js';

/** Finds the ways into an application beside HTTP. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    RpcTracing,
    WebSocketTracing,
    GraphqlTracing,
    CqrsTracing,
    AutomaticTracing,
    ProtocolTracing,
  ],
  exports: [ProtocolTracing],
})
export class TracingProtocolsModule {}
