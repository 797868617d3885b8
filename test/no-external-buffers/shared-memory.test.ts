import { expect, test } from 'vitest';
import { Event, UnsupportedPlatformError } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { HELPER32, startActor } from '../support/actor.js';
import { expectThrow } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';

const refused = { code: 'ERROR_NOT_SUPPORTED', errno: 50, syscall: 'koffi.view' };

test('shared memory cannot be created where external buffers are refused, and leaves nothing behind', () => {
  const name = uniqueName();
  expectThrow(() => SharedMemory.create(name, 4096), UnsupportedPlatformError, { ...refused, objectName: name, mentions: ['section', name, 'not supported'] });
  using event = Event.create(name);
  expect(event.createdNew).toBe(true);
});

test('shared memory cannot be opened where external buffers are refused', async () => {
  const name = uniqueName();
  const owner = await startActor(HELPER32);
  const remote = await owner.create('section', name);
  expectThrow(() => SharedMemory.open(name, 4096), UnsupportedPlatformError, { ...refused, objectName: name });
  expectThrow(() => SharedMemory.tryOpen(name, 4096), UnsupportedPlatformError, { ...refused, objectName: name });
  await remote.close();
  using event = Event.create(name);
  expect(event.createdNew).toBe(true);
});
