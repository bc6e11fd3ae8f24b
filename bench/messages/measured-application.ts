import type { DynamicModule } from '@nestjs/common';
import type { Mode, Turn, Wish } from './modes.js';

/** Messages under way at a time. */
const CONCURRENT = 32;

/** What a process with both ends of a conversation can do. */
interface Conversation {
  /** Sends one message and waits for its answer. */
  ask(id: number): Promise<void>;
  close(): Promise<void>;
}

/** Whenever the bench asks, messages are sent, and it is told what the main thread has used; or all ends. */
export function answerWishes(conversation: Conversation): void {
  process.on('message', (wish: Wish) => void answer(wish, conversation));
  process.send?.('ready');
}

/** The module as a mode has it: none for what it is compared with. */
export async function tracingOf(mode: Mode, receiver: string): Promise<DynamicModule[]> {
  if (mode === 'bare' || mode === 'contrib') return [];
  const { TracingModule } = await import('nestjs-tracing');
  const sampler = { ratio: mode === 'sampled out' ? 0 : 1 };
  return [TracingModule.forRoot({ serviceName: 'bench', endpoint: receiver, sampler })];
}

async function answer(wish: Wish, conversation: Conversation): Promise<void> {
  if (wish !== 'stop') {
    process.send?.(await converse(wish.messages, conversation));
    return;
  }
  await conversation.close();
  process.disconnect();
}

async function converse(messages: number, conversation: Conversation): Promise<Turn> {
  let left = messages;
  const before = process.threadCpuUsage();
  await Promise.all(Array.from({ length: CONCURRENT }, talk));
  const { user, system } = process.threadCpuUsage(before);
  return { mainMicros: (user + system) / messages };

  async function talk(): Promise<void> {
    while (left > 0) {
      left -= 1;
      await conversation.ask(left);
    }
  }
}
