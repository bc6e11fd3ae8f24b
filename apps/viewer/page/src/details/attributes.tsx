import { useSignal } from '@preact/signals';
import type {
  Attributes as AttributeList,
  PlainValue,
} from '../../../src/wire/span-detail.interface.js';
import { copy } from '../app/clipboard.js';
import { Icon } from '../app/icon.js';
import { amend, route } from '../app/navigation.js';
import { attempt } from '../app/state.js';
import { oneLine, valueText, visible } from '../format/plain-text.js';
import { formatStatement } from '../format/statement.js';
import { exactTerm, searchFlipped } from '../list/search-terms.js';

const STATEMENTS = new Set(['db.query.text', 'db.statement', 'graphql.document']);
const LONG = 600;

interface AttributesProps {
  readonly name: string;
  readonly attributes: AttributeList;
  readonly isOpen?: boolean;
}

/** Attributes in the order in which they came, each to copy and to search for. */
export function Attributes({ name, attributes, isOpen = false }: AttributesProps) {
  if (attributes.length === 0) return null;
  return (
    <details class="section" open={isOpen}>
      <summary>
        {name} <span class="dim">{attributes.length}</span>
      </summary>
      <AttributeRows attributes={attributes} />
    </details>
  );
}

/** The rows alone, for events and log lines. */
export function AttributeRows({ attributes }: { attributes: AttributeList }) {
  return (
    <dl class="attributes">
      {attributes.map(([key, value], index) => (
        <Attribute key={`${key} ${index}`} name={key} value={value} />
      ))}
    </dl>
  );
}

function Attribute({ name, value }: { name: string; value: PlainValue }) {
  const text = valueText(value);
  const shown = STATEMENTS.has(name) ? formatStatement(text) : text;
  const find = () => {
    const term = exactTerm(`attr:${name}=`, typeof value === 'string' ? value : text);
    amend({ query: searchFlipped(route.peek().query, term), list: 'traces' });
  };
  return (
    <div class="attribute">
      <dt>{oneLine(name, 200)}</dt>
      <dd data-type={typeof value} data-code={STATEMENTS.has(name)}>
        <LongText text={shown} address={addressOf(value)} />
        <span class="attribute-actions">
          <button
            type="button"
            aria-label={`Copy ${oneLine(name, 60)}`}
            title="Copy"
            onClick={() => attempt(() => copy(text, oneLine(name, 60)))}
          >
            <Icon name="copy" />
          </button>
          {text.length <= 200 && (
            <button
              type="button"
              aria-label={`Find traces with this ${oneLine(name, 60)}`}
              title="Find traces with it"
              onClick={find}
            >
              =
            </button>
          )}
        </span>
      </dd>
    </div>
  );
}

/** A text that is long is cut until somebody wants the rest. */
export function LongText({ text, address = '' }: { text: string; address?: string }) {
  const isWhole = useSignal(false);
  const isCut = !isWhole.value && text.length > LONG;
  const shown = isCut ? `${text.slice(0, LONG)}…` : text;
  return (
    <>
      {address === '' ? (
        <span class="long">{shown}</span>
      ) : (
        <a class="long" href={address} target="_blank" rel="noopener noreferrer">
          {shown}
        </a>
      )}
      {isCut && (
        <button type="button" class="link" onClick={() => (isWhole.value = true)}>
          all {text.length.toLocaleString('en-US')} characters
        </button>
      )}
    </>
  );
}

/** Addresses of the web alone are links, and what is shown is where they lead. */
function addressOf(value: PlainValue): string {
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || visible(value) !== value)
    return '';
  return URL.canParse(value) && value.length <= LONG ? value : '';
}
