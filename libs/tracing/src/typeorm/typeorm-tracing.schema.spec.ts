import { describe, expect, it } from 'vitest';
import { noteSource } from '../../../../test/typeorm/support/notes.js';
import { instrumentDataSource } from './index.js';

const instrument = (options: unknown) => () =>
  instrumentDataSource(noteSource(), options as object);

describe('a wrong option', () => {
  it.each([
    [{ driverSpans: 'on' }, 'driverSpans: write "suppress", "nest" or "off"'],
    [{ connectionWaitMillis: -1 }, 'connectionWaitMillis: write a number of milliseconds'],
    [{ slowQueryMillis: '1s' }, 'slowQueryMillis: write a number of milliseconds, 0 or more'],
    [{ slowQueryMillis: Number.NaN }, 'slowQueryMillis: write a number'],
    [{ repeatedQueries: 1 }, 'repeatedQueries: write a whole number of statements, 2 or more'],
    [{ sqlCommenter: 'yes' }, 'sqlCommenter: write true, false or a TextMapPropagator'],
    [{ ignore: 'SELECT 1' }, 'ignore: write a RegExp, a function'],
    [{ ignore: [/a/, 1] }, 'ignore: write a RegExp, a function'],
    [{ collapseRepeats: 20 }, 'collapseRepeats: write true or false'],
    [{ metrics: 1 }, 'metrics: write true or false'],
    [{ attributes: {} }, 'attributes: write a function'],
    [null, 'options: write an object'],
    [{ constructor: 1 }, 'constructor: there is no such option'],
  ])('is named with its cure (%j)', (options, message) => {
    expect(instrument(options)).toThrow(message);
  });

  it('is not one that is undefined', () => {
    expect(instrument({ driverSpans: undefined, ignore: undefined })).not.toThrow();
  });
});
