import type { SpanDetail } from '../../../src/wire/span-detail.interface.js';
import { SPAN_FLAG } from '../../../src/wire/span-codes.js';
import { oneLine, visible } from '../format/plain-text.js';
import { change, duration, percent, plurals } from '../format/quantities.js';
import { itemsOf } from '../trace/groups.js';
import { kindOf } from '../trace/row-text.js';
import type { TraceModel } from '../trace/trace-model.js';

interface SpanFactsProps {
  readonly model: TraceModel;
  readonly span: number;
  readonly detail: SpanDetail | undefined;
}

/** Times, status and origin of a span. */
export function SpanFacts({ model, span, detail }: SpanFactsProps) {
  const took = model.duration[span]!;
  const flags = model.flags[span]!;
  const onPath = pathShare(model, span);
  const service = model.detail.services[model.service[span]!];
  const scope = detail && `${detail.scope.name} ${detail.scope.version}`.trim();
  return (
    <>
      <dl class="facts-grid">
        <Fact name="Service" value={oneLine(service?.name ?? '', 80)} />
        <Fact name="Kind" value={kindOf(model, span)} />
        <Fact name="Starts at" value={duration(model.start[span]!)} />
        <Fact
          name="Duration"
          value={`${duration(took)}${flags & SPAN_FLAG.pending ? ' so far' : ''}`}
        />
        <Fact
          name="Self time"
          value={
            took > 0
              ? `${duration(model.self[span]!)} (${percent(model.self[span]! / took)})`
              : duration(model.self[span]!)
          }
        />
        <Fact
          name="Critical path"
          value={
            onPath > 0
              ? `${duration(onPath)} (${percent(onPath / Math.max(1, model.detail.duration))} of all)`
              : 'not on it'
          }
        />
        {scope && <Fact name="Scope" value={oneLine(scope, 80)} />}
        {detail && <Fact name="Span id" value={detail.spanId} />}
        {detail && detail.traceState !== '' && (
          <Fact name="Trace state" value={oneLine(detail.traceState, 200)} />
        )}
      </dl>
      {detail?.status === 'ERROR' && (
        <p class="status-error">
          <b>Error</b> {visible(detail.statusMessage)}
        </p>
      )}
      <Remarks flags={flags} skew={service?.skew ?? 0} detail={detail} />
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What the page did to show it, and what the sender left out. */
function Remarks({
  flags,
  skew,
  detail,
}: {
  flags: number;
  skew: number;
  detail: SpanDetail | undefined;
}) {
  const dropped = detail?.dropped;
  const remarks = [
    flags & SPAN_FLAG.missing &&
      'Other spans name it, but it never arrived. Its times are those of what it holds.',
    flags & SPAN_FLAG.negative &&
      'It says that it ended before it started. It is drawn without a duration.',
    flags & SPAN_FLAG.moved &&
      `The clock of its service is off: it was moved by ${change(skew)}, so that no call ` +
        'starts before it was made.',
    flags & SPAN_FLAG.outlives && 'It ends after its parent did: nobody waited for it.',
    flags & SPAN_FLAG.cut && 'Its parents form a circle. It was cut out of it here.',
    flags & SPAN_FLAG.pending && 'It has not ended yet.',
    dropped &&
      dropped.attributes + dropped.events + dropped.links > 0 &&
      `Without ${lostParts(dropped)}: dropped by its sender, or beyond what one span may have here.`,
  ].filter((each) => typeof each === 'string');
  if (remarks.length === 0) return null;
  return (
    <ul class="remarks">
      {remarks.map((remark) => (
        <li key={remark}>{remark}</li>
      ))}
    </ul>
  );
}

function lostParts({ attributes, events, links }: SpanDetail['dropped']): string {
  return plurals([attributes, 'attribute'], [events, 'event'], [links, 'link']);
}

function pathShare({ detail, pathOf }: TraceModel, span: number): number {
  let sum = 0;
  for (const section of itemsOf(pathOf, span))
    sum += detail.path.end[section]! - detail.path.start[section]!;
  return sum;
}
