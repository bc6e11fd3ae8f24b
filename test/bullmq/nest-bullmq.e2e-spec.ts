import { BullModule, InjectQueue, Processor, WorkerHost, getQueueToken } from '@nestjs/bullmq';
import { Injectable, Module, Scope } from '@nestjs/common';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Job } from 'bullmq';
import { Queue } from 'bullmq';
import { afterEach, expect, it } from 'vitest';
import { TracingModule } from '../offload/built.js';
import { inRequest } from '../offload/offloading.js';
import { describeWithService, findRedis } from '../support/services.js';
import { TracedProcessorsModule, tracedQueueTelemetry } from './support/built.js';
import { useRecordedMeeting } from './support/recorded-meeting.js';
import { until } from './support/stage.js';

async function sendMail(job: Job<{ to: string }>): Promise<string> {
  await Promise.resolve();
  if (job.data.to === '') throw new RangeError('nobody to send to');
  return job.data.to;
}

@Processor('mail')
class MailProcessor extends WorkerHost {
  process(job: Job<{ to: string }>): Promise<string> {
    return sendMail(job);
  }
}

@Processor({ name: 'mail', scope: Scope.REQUEST })
class MailProcessorPerJob extends WorkerHost {
  process(job: Job<{ to: string }>): Promise<string> {
    return sendMail(job);
  }
}

@Injectable()
class Mailer {
  constructor(@InjectQueue('mail') readonly queue: Queue) {}
}

describeWithService(await findRedis(), 'an application with @nestjs/bullmq', () => {
  const current = useRecordedMeeting();
  let app: INestApplicationContext;
  afterEach(() => app.close());

  const bull = () =>
    BullModule.forRoot({
      connection: { url: current.place.connection },
      prefix: current.place.prefix,
      telemetry: tracedQueueTelemetry(),
    });

  async function sendTwo(): Promise<void> {
    const queue = app.get<Queue>(getQueueToken('mail'), { strict: false });
    await inRequest(async () => {
      await queue.add('welcome', { to: 'a' });
      await queue.add('welcome', { to: '' });
    });
    await until(() => current.spans.named('process mail').length === 2);
  }

  const RECORDED = [
    'request',
    '  add mail',
    '  add mail',
    'process mail link=add mail',
    'process mail error.type=RangeError status=ERROR link=add mail',
  ].join('\n');

  /** The order in which modules are imported must not matter. */
  const ORDERS = {
    before: (others: Type[]) => [TracedProcessorsModule.forRoot(), ...others],
    after: (others: Type[]) => [...others, TracedProcessorsModule.forRoot()],
  };

  it.each([
    ['before', MailProcessor],
    ['after', MailProcessor],
    ['after', MailProcessorPerJob],
  ] as const)(
    'traces its queues with one option, and exceptions whole with a module imported %s (%o)',
    async (order, processor) => {
      @Module({
        imports: [BullModule.registerQueue({ name: 'mail' })],
        providers: [processor, Mailer],
      })
      class MailModule {}
      @Module({ imports: [TracingModule.forRoot(), bull(), ...ORDERS[order]([MailModule])] })
      class AppModule {}
      app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
      await sendTwo();
      expect(current.spans.tree({ attributes: ['error.type'] })).toBe(RECORDED);
      await app.close();
      current.spans.assertNoOpenSpans();
    },
  );

  it('tells an application without BullModule what to import', async () => {
    @Module({ imports: [TracingModule.forRoot(), TracedProcessorsModule.forRoot()] })
    class AppModule {}
    const starting = NestFactory.createApplicationContext(AppModule, {
      logger: false,
      abortOnError: false,
    });
    await expect(starting).rejects.toThrow(/TracedProcessorsModule.*BullModule\.registerQueue/);
  });
});
