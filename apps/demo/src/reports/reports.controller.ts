import { Controller, Get } from '@nestjs/common';
import { ReportsService, type ShardReport } from './reports.service.js';

@Controller('reports')
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get('shards')
  shards(): Promise<ShardReport[]> {
    return this.reports.reportShards();
  }
}
