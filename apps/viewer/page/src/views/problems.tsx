import { useSignal } from '@preact/signals';
import type { BlockedBand } from '../../../src/wire/blocked-band.interface.js';
import type { Problem } from '../../../src/wire/problem.interface.js';
import { goTo } from '../app/navigation.js';
import { oneLine } from '../format/plain-text.js';
import { duration } from '../format/quantities.js';
import type { OpenTrace } from '../trace/open-trace.js';

const SHOWN = 3;
const BAD = new Set(['error', 'blocked', 'abandoned', 'lost']);

function toneOf(kind: Problem['kind']): string {
  if (BAD.has(kind)) return 'bad';
  return kind === 'left out' ? 'plain' : 'warn';
}

/** What is worth a look, as buttons that lead to the spans that prove it. */
export function Problems({ trace }: { trace: OpenTrace }) {
  const isOpen = useSignal(false);
  const { problems: found, blocked } = trace.model.value.detail;
  const foreign = blocked.filter(({ span, traceId }) => span < 0 && traceId !== '');
  // What another trace has blocked is shown as the way there.
  const problems = found.filter(({ kind, span }) => kind !== 'blocked' || span >= 0);
  const shown = isOpen.value ? problems : problems.slice(0, SHOWN);
  if (problems.length + foreign.length === 0) return null;
  return (
    <ul class="problems" aria-label="Problems" data-open={isOpen.value}>
      {shown.map((problem, index) => (
        <li key={`${problem.kind} ${problem.span} ${index}`}>
          <ProblemButton trace={trace} problem={problem} />
        </li>
      ))}
      {foreign.slice(0, 2).map((band) => (
        <li key={`${band.traceId} ${band.start}`}>
          <ForeignBand band={band} />
        </li>
      ))}
      {problems.length > SHOWN && (
        <li>
          <button
            type="button"
            class="more"
            aria-expanded={isOpen.value}
            onClick={() => (isOpen.value = !isOpen.value)}
          >
            {isOpen.value ? 'Fewer' : `${problems.length - SHOWN} more`}
          </button>
        </li>
      )}
    </ul>
  );
}

/** A click goes from one piece of evidence to the next. */
function ProblemButton({ trace, problem }: { trace: OpenTrace; problem: Problem }) {
  const at = useSignal(0);
  const spans = problem.span >= 0 ? [problem.span, ...problem.evidence] : problem.evidence;
  const unique = [...new Set(spans)];
  const show = () => {
    if (unique.length > 0) trace.reveal(unique[at.value % unique.length]!);
    at.value++;
  };
  return (
    <button
      type="button"
      class="problem"
      data-tone={toneOf(problem.kind)}
      title={problem.text}
      onClick={show}
    >
      <b>{problem.kind}</b> <span>{oneLine(problem.text, 160)}</span>
      {problem.cost > 0 && <em>{duration(problem.cost)}</em>}
    </button>
  );
}

function ForeignBand({ band }: { band: BlockedBand }) {
  const { traceId, spanId, service, source, place } = band;
  return (
    <button
      type="button"
      class="problem"
      data-tone="bad"
      title={source}
      onClick={() => goTo({ page: 'trace', traceId, spanId })}
    >
      <b>waited</b>{' '}
      <span>
        {oneLine(place || 'something', 80)} ↗ blocked the event loop of {oneLine(service, 40)} in
        another trace
      </span>
      <em>{duration(band.duration)}</em>
    </button>
  );
}
