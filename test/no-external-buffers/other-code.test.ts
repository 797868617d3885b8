import { expect, test } from 'vitest';
import { Event, Mutex } from 'waitable';
import { closeHandle, duplicate } from '../support/foreign.js';
import { uniqueName } from '../support/names.js';

test('other code of the same thread, such as a copy of this library, works beside objects that it knows nothing of', () => {
  using own = Event.create();
  using shared = Mutex.create(`Global\\${uniqueName()}`, { security: 'everyone' });
  for (let round = 0; round < 3; round++) {
    expect(shared.waitSync(0).status).toBe('signaled');
    const foreign = duplicate(own.handle);
    shared.release();
    expect(closeHandle(foreign)).toBe(true);
  }
});
