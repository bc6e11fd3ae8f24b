import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { LookupModule } from '../lookup/lookup.module.js';
import { LookupResolver } from './lookup.resolver.js';

/** The lookup as a query of GraphQL, at `/graphql`. */
@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true }),
    LookupModule,
  ],
  providers: [LookupResolver],
})
export class GraphModule {}
