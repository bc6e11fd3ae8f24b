import { Controller, Get, Query } from '@nestjs/common';
import { RouteGrouping } from '../overview/route-groups.js';
import { SearchVocabulary } from '../overview/search-vocabulary.js';
import { ServiceMapping } from '../overview/service-map.js';
import type { RouteGroups, SearchTerms, ServiceMap } from '../wire/overview.interface.js';
import { readText } from './list-query.js';

/** What many traces together say. */
@Controller('api')
export class OverviewController {
  constructor(
    private readonly grouping: RouteGrouping,
    private readonly mapping: ServiceMapping,
    private readonly vocabulary: SearchVocabulary,
  ) {}

  @Get('groups')
  groups(@Query('q') query: unknown): Promise<RouteGroups> {
    return this.grouping.group(readText(query));
  }

  @Get('map')
  map(@Query('q') query: unknown): Promise<ServiceMap> {
    return this.mapping.map(readText(query));
  }

  @Get('terms')
  terms(): Promise<SearchTerms> {
    return this.vocabulary.read();
  }
}
