import { Module } from '@nestjs/common';
import { DetachedWork } from './detached-work.js';

/** Not global on purpose: its shutdown hook runs before those of tracing and of the database. */
@Module({ providers: [DetachedWork], exports: [DetachedWork] })
export class DetachedModule {}
