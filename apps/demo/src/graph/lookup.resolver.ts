import { Args, Query, Resolver } from '@nestjs/graphql';
import { LookupService, type Lookup } from '../lookup/lookup.service.js';
import { LookupType } from './lookup.type.js';

@Resolver(() => LookupType)
export class LookupResolver {
  constructor(private readonly lookups: LookupService) {}

  @Query(() => LookupType)
  lookup(@Args('key', { type: () => String }) key: string): Promise<Lookup> {
    return this.lookups.handle(key);
  }
}
