import type { SpanRecorder } from 'nestjs-tracing/testing';
import { afterEach, beforeEach } from 'vitest';
import { recordSpans } from '../../offload/built.js';
import type { Meeting } from './redis.js';
import { clean, meeting } from './redis.js';

/** Each test's own place in Redis, and the spans of this process. */
export interface RecordedMeeting {
  spans: SpanRecorder;
  place: Meeting;
}

/** Makes both before each test of a suite, and leaves nothing of them after it. */
export function useRecordedMeeting(): RecordedMeeting {
  const current = {} as RecordedMeeting;
  beforeEach(() => {
    current.spans = recordSpans();
    current.place = meeting();
  });
  afterEach(async () => {
    await clean(current.place);
    await current.spans.stop();
  });
  return current;
}
