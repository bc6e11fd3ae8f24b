import { setTimeout } from 'node:timers/promises';
import { Controller, Get, InternalServerErrorException, Res } from '@nestjs/common';
import { Traced } from 'nestjs-tracing';

/** What the responses of Express and Fastify have in common. */
interface Reply {
  status(code: number): Reply;
  send(body: string): void;
}

/** Answers from inside its own spans, so that the response's listeners run in their context. */
@Controller()
export class LookupController {
  @Get('lookup')
  @Traced('handle')
  async lookup(@Res() reply: Reply): Promise<void> {
    await this.query();
    reply.send('found');
  }

  @Get('failing')
  @Traced('fail')
  async failing(@Res() reply: Reply): Promise<void> {
    await this.query();
    reply.status(500).send('broken');
  }

  @Get('throwing')
  throwing(): never {
    throw new InternalServerErrorException('broken');
  }

  @Get('hanging')
  hanging(@Res() _reply: Reply): void {}

  @Traced('query')
  private async query(): Promise<void> {
    await setTimeout(2);
  }
}
