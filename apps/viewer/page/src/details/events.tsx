import type { Attributes, SpanDetail } from '../../../src/wire/span-detail.interface.js';
import { oneLine, valueText } from '../format/plain-text.js';
import { duration } from '../format/quantities.js';
import { AttributeRows, LongText } from './attributes.js';

type SpanEvent = SpanDetail['events'][number];
const SHOWN = 100;

/** Events of a span in time, exceptions with their stack. */
export function Events({ events }: { events: readonly SpanEvent[] }) {
  if (events.length === 0) return null;
  return (
    <details class="section" open>
      <summary>
        Events <span class="dim">{events.length}</span>
      </summary>
      <ol class="events">
        {events.slice(0, SHOWN).map((event, index) => (
          <li key={index}>
            {event.name === 'exception' ? <Exception event={event} /> : <Plain event={event} />}
          </li>
        ))}
      </ol>
      {events.length > SHOWN && (
        <p class="dim">{events.length - SHOWN} more; the OTLP JSON has all.</p>
      )}
    </details>
  );
}

function Plain({ event }: { event: SpanEvent }) {
  return (
    <>
      <p class="event-head">
        <time>{duration(event.time)}</time> <b>{oneLine(event.name, 120)}</b>
      </p>
      <AttributeRows attributes={event.attributes} />
    </>
  );
}

function Exception({ event }: { event: SpanEvent }) {
  const type = textOf(event.attributes, 'exception.type') || 'Error';
  const message = textOf(event.attributes, 'exception.message');
  const stack = textOf(event.attributes, 'exception.stacktrace');
  const rest = event.attributes.filter(
    ([key]) => !/^exception\.(type|message|stacktrace)$/.test(key),
  );
  return (
    <div class="exception">
      <p class="event-head">
        <time>{duration(event.time)}</time> <b>{type}</b>
      </p>
      <p>
        <LongText text={message} />
      </p>
      {stack !== '' && <Stack text={stack} />}
      {rest.length > 0 && <AttributeRows attributes={rest} />}
    </div>
  );
}

/** Lines of the application stand out against those of Node and of packages. */
function Stack({ text }: { text: string }) {
  const lines = text.slice(0, 40_000).split('\n');
  return (
    <pre class="stack" tabIndex={0} aria-label="Stack">
      {lines.slice(0, 200).map((line, index) => (
        <span key={index} data-foreign={/node:|node_modules|\binternal\//.test(line)}>
          {`${line}\n`}
        </span>
      ))}
    </pre>
  );
}

function textOf(attributes: Attributes, name: string): string {
  const found = attributes.find(([key]) => key === name);
  return found ? valueText(found[1]) : '';
}
