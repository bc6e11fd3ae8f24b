import { context, trace } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { GivenContext } from '../../span/given-context.js';
import { NO_SPAN } from '../../span/no-span.js';
import { registeredTracer } from '../../span/registered-provider.js';
import { SpanRecording } from '../../span/recording.js';
import { assertCloneable } from '../wire/cloneable.js';
import { taskSpanName } from '../returning-spans/task-span.js';
import type { AnyTask } from './task.interface.js';

/** One run of a task, wherever it runs. */
interface TaskRun {
  readonly task: AnyTask;
  readonly input: unknown;
  /** The context that the caller's headers describe. */
  readonly parent: Context;
  readonly recording: boolean;
  readonly attributes: Attributes;
  readonly cancellation: TaskCancellation;
}

/** How a run learns that its caller has given up. */
export interface TaskCancellation {
  readonly aborted: boolean;
  /** Made when it is first asked for. */
  readonly signal: AbortSignal;
}

/** Runs a task inside its span, which ends when the result has settled and can cross. */
export async function runTask(run: TaskRun): Promise<unknown> {
  const recording = run.recording ? openTaskSpan(run) : undefined;
  try {
    const value: unknown = await call(run, recording);
    assertCloneable(value, 'result');
    recording?.succeed(value);
    return value;
  } catch (error) {
    if (run.cancellation.aborted) recording?.span.setAttribute('async.task.outcome', 'cancelled');
    recording?.fail(error);
    throw error;
  }
}

function openTaskSpan({ task, attributes, parent }: TaskRun): SpanRecording | undefined {
  const tracer = registeredTracer();
  const spec = { name: taskSpanName(task.name), options: { attributes } };
  return tracer && new SpanRecording(tracer, spec, parent);
}

function call(run: TaskRun, recording: SpanRecording | undefined): unknown {
  const { task, input, parent, cancellation } = run;
  const span = recording?.span ?? trace.getSpan(parent) ?? NO_SPAN;
  const args = [input, new GivenContext(span, cancellation)] as const;
  if (recording !== undefined) return recording.run(task.run, undefined, args);
  return context.with(parent, task.run as (...args: unknown[]) => unknown, undefined, ...args);
}
