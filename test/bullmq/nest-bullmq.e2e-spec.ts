import {
  BullModule,
  Processor,
  ProcessorDecoratorService,
  WorkerHost,
  getQueueToken,
} from '@nestjs/bullmq';
import { Test } from '@nestjs/testing';
import type { Job, Queue } from 'bullmq';
import { expect, it } from 'vitest';
import { TracingModule } from '../offload/built.js';
import { inRequest } from '../offload/offloading.js';
import { describeWithService, findRedis } from '../support/services.js';
import { TracedProcessorDecorator, tracedQueueTelemetry } from './support/built.js';
import { useRecordedMeeting } from './support/recorded-meeting.js';
import { until } from './support/stage.js';

@Processor('mail')
class MailProcessor extends WorkerHost {
  async process(job: Job<{ to: string }>): Promise<string> {
    await Promise.resolve();
    if (job.data.to === '') throw new RangeError('nobody to send to');
    return job.data.to;
  }
}

describeWithService(await findRedis(), 'an application with @nestjs/bullmq', () => {
  const current = useRecordedMeeting();

  it('traces its queues and processors with one option, and exceptions whole with a provider', async () => {
    const { prefix, connection } = current.place;
    const app = await Test.createTestingModule({
      imports: [
        TracingModule.forRoot(),
        BullModule.forRoot({
          connection: { url: connection },
          prefix,
          telemetry: tracedQueueTelemetry(),
        }),
        BullModule.registerQueue({ name: 'mail' }),
      ],
      providers: [MailProcessor],
    })
      .overrideProvider(ProcessorDecoratorService)
      .useClass(TracedProcessorDecorator)
      .compile();
    app.useLogger(false);
    await app.init();
    const queue = app.get<Queue>(getQueueToken('mail'));
    await inRequest(async () => {
      await queue.add('welcome', { to: 'a' });
      await queue.add('welcome', { to: '' });
    });
    await until(() => current.spans.named('process mail').length === 2);
    expect(current.spans.tree({ attributes: ['error.type'] })).toBe(
      [
        'request',
        '  add mail',
        '  add mail',
        'process mail link=add mail',
        'process mail error.type=RangeError status=ERROR link=add mail',
      ].join('\n'),
    );
    await app.close();
    current.spans.assertNoOpenSpans();
  });
});
