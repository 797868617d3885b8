import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CONTROL_BYTES, PROCESSED, type Command, type Reply } from '../../src/async/wait-thread/protocol.js';
import { WaitLoop } from '../../src/async/wait-thread/loop.js';
import { kernel } from '../../src/kernel/select.js';
import { WAIT_FAILED, WAIT_OBJECT_0, WAIT_TIMEOUT } from '../../src/kernel/status.js';

/** The loop of a wait thread that only watches, run here to its end over a kernel that plays a script. */

const WAKE = 1000;
const { takenBy } = kernel;

function setTakenBy(value: typeof takenBy): void {
  Object.defineProperty(kernel, 'takenBy', { value, configurable: true, enumerable: true, writable: true });
}

beforeEach(() => {
  setTakenBy('caller');
  vi.spyOn(kernel, 'openCurrentThread').mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
  setTakenBy(takenBy);
});

/** One look of the thread at the kernel: what it is to answer, and what the client says meanwhile. */
interface Look {
  readonly status: number;
  readonly commands?: readonly Command[];
}

function play(commands: readonly Command[], looks: readonly Look[], all = false): { watched: readonly (readonly number[])[]; replies: Reply[]; consumed: number; processed: number } {
  const { port1: port, port2: client } = new MessageChannel();
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const watched: number[][] = [];
  const script = [...looks];
  vi.spyOn(kernel, 'watch').mockImplementation(handles => {
    watched.push([...handles]);
    const { status, commands: meanwhile = [] } = script.shift() ?? { status: WAIT_TIMEOUT };
    for (const command of meanwhile) client.postMessage([command]);
    if (script.length === 0) client.postMessage([{ op: 'quit' }]);
    return status;
  });
  const wait = vi.spyOn(kernel, 'wait').mockReturnValue(WAIT_OBJECT_0);
  client.postMessage(commands);
  new WaitLoop({ port, control, wake: WAKE, all, settings: kernel.settings }).run();
  const replies: Reply[] = [];
  for (let received = receiveMessageOnPort(client); received !== undefined; received = receiveMessageOnPort(client)) {
    const { message } = received as { readonly message: Reply };
    replies.push(message);
  }
  client.close();
  return { watched, replies, consumed: wait.mock.calls.length, processed: Atomics.load(new Int32Array(control), PROCESSED) };
}

function watch(id: number, ...handles: number[]): Command {
  return { op: 'wait', id, watches: handles.map(handle => ({ key: handle, handle, owning: true })) };
}

describe('a wait thread that only watches', () => {
  test('says ready once, and looks at the object again only when it is asked to', () => {
    const { watched, replies } = play([watch(1, 10), watch(2, 20)], [
      { status: WAIT_OBJECT_0 + 1 },
      { status: WAIT_TIMEOUT, commands: [watch(3, 10)] },
      { status: WAIT_OBJECT_0 + 2 },
    ]);
    expect(watched).toEqual([[WAKE, 10, 20], [WAKE, 20], [WAKE, 20, 10]]);
    expect(replies).toEqual([{ id: 1, outcome: 'ready' }, { id: 3, outcome: 'ready' }]);
  });

  test('takes nothing but its own wake event', () => {
    const { replies, consumed, watched } = play([watch(1, 10)], [{ status: WAIT_OBJECT_0 }, { status: WAIT_TIMEOUT }]);
    expect(replies).toEqual([]);
    expect(consumed).toBe(1);
    expect(watched).toHaveLength(2);
  });

  test('answers a cancel with the truth, and a client that has heard of ready with nothing', () => {
    const { replies, processed } = play([watch(1, 10), watch(2, 20)], [
      { status: WAIT_OBJECT_0 + 1, commands: [{ op: 'cancel', id: 1 }, { op: 'cancel', id: 2 }, watch(3, 30)] },
      { status: WAIT_TIMEOUT },
    ]);
    expect(replies).toEqual([{ id: 1, outcome: 'ready' }, { id: 2, outcome: 'cancelled' }]);
    expect(processed).toBe(6);
  });

  test('finds out whose object fails, and serves the others', () => {
    const { replies } = play([watch(1, 10), watch(2, 20), watch(3, 30)], [
      { status: WAIT_FAILED }, { status: WAIT_TIMEOUT }, { status: WAIT_FAILED }, { status: WAIT_OBJECT_0 },
    ]);
    expect(replies).toEqual([{ id: 2, outcome: 'failed', failure: expect.anything() as unknown }, { id: 3, outcome: 'ready' }]);
  });

  test('for all watches one request at a time', () => {
    const { watched, replies } = play([watch(1, 10, 20)], [{ status: WAIT_TIMEOUT }, { status: WAIT_OBJECT_0 }], true);
    expect(watched).toEqual([[10, 20], [10, 20]]);
    expect(replies).toEqual([{ id: 1, outcome: 'ready' }]);
  });
});
