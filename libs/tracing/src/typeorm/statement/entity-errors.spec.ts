import { expect, it } from 'vitest';
import { Note } from '../../../../../test/typeorm/support/notes.js';
import { trackNotes } from '../../../../../test/typeorm/support/tracked-notes.js';
import { Traced } from '../../index.js';

const notes = trackNotes();

class Reader {
  @Traced()
  async read(find: () => Promise<unknown>): Promise<void> {
    await find();
  }
}

it('B7 keeps the conditions of a search that found nothing out of every span', async () => {
  const dataSource = await notes.start();
  const repository = dataSource.getRepository(Note);
  const builder = repository.createQueryBuilder('n').where('n.title = :title', { title: 'canary' });
  const searches = [
    () => repository.findOneByOrFail({ title: 'canary' }),
    () => repository.findOneOrFail({ where: { title: 'canary' } }),
    () => builder.getOneOrFail(),
  ];
  for (const search of searches) {
    await expect(new Reader().read(search)).rejects.toThrow('canary');
  }
  for (const { attributes, events, status } of notes.spans.named('Reader.read')) {
    expect(status.message).toBe('EntityNotFoundError');
    expect(attributes['error.type']).toBe('EntityNotFoundError');
    expect(events[0]?.attributes?.['exception.stacktrace']).toContain('Reader.read');
    expect(JSON.stringify(events)).not.toContain('canary');
  }
  expect(notes.spans.named('Reader.read')).toHaveLength(searches.length);
});
