/** Entry point of a Node process that runs against another in a measurement: requests by IPC, one at a time (`worker.ts` is the other side). */
import { Event, Mutex, waitAny, waitAnySync } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { Board, boardLayout, COUNTER, PROGRESS, STOP } from '../peers/board.js';
import { fileLock, robustMutex, type NativeLock } from './native-locks.js';
import type { Answering, LockKind, Racing, Raced, Request } from './worker.js';

/** Nobody waits so long unless the others have died. */
const STUCK_AFTER = 20_000;

process.on('message', (request: Request) => {
  void execute(request).then(reply => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));

async function execute(request: Request): Promise<Raced | number> {
  switch (request.do) {
    case 'race': return race(request);
    case 'answer': return answerBlocking(request);
    case 'answer-async': return answerAwaiting(request);
  }
}

function openLock(kind: LockKind, where: string): NativeLock {
  switch (kind) {
    case 'waitable': {
      const mutex = Mutex.open(where);
      return {
        take() {
          if (mutex.waitSync(STUCK_AFTER).status !== 'signaled') throw new Error('the mutex was not free in time');
        },
        release: () => mutex.release(),
      };
    }
    case 'pthread': return robustMutex(where);
    case 'flock': return fileLock(where);
  }
}

/** One lock and one board, from the first race to the end: what is opened anew each time is compiled anew, too. */
const opened: { lock?: NativeLock; board?: Board } = {};

/** What the role `race` of PROTOCOL.md does, with any lock. */
function race({ lock: kind, where, board: boardName, contender, clock }: Racing): Raced {
  const lock = opened.lock ??= openLock(kind, where);
  const board = opened.board ??= new Board(SharedMemory.open(boardName, boardLayout).buffer);
  const entry = PROGRESS + contender;
  let longest = 0;
  while (board.load(STOP) === 0) {
    const began = clock ? performance.now() : 0;
    lock.take();
    if (clock) longest = Math.max(longest, performance.now() - began);
    board.write(COUNTER, board.read(COUNTER) + 1);
    board.write(entry, board.read(entry) + 1);
    lock.release();
  }
  return { longestWait: longest * 1e6 };
}

function answerBlocking({ iterations, mine, theirs }: Answering): number {
  const objects = mine.map(name => Event.open(name));
  using partner = Event.open(theirs);
  const [alone] = objects;
  const began = process.hrtime.bigint();
  if (objects.length === 1 && alone !== undefined) {
    for (let i = 0; i < iterations; i++) {
      alone.waitSync(STUCK_AFTER);
      partner.set();
    }
  } else {
    for (let i = 0; i < iterations; i++) {
      waitAnySync(objects, STUCK_AFTER);
      partner.set();
    }
  }
  const taken = Number(process.hrtime.bigint() - began);
  for (const object of objects) object.close();
  return taken;
}

async function answerAwaiting({ iterations, mine, theirs }: Answering): Promise<number> {
  const objects = mine.map(name => Event.open(name));
  using partner = Event.open(theirs);
  const [alone] = objects;
  const began = process.hrtime.bigint();
  for (let i = 0; i < iterations; i++) {
    await (objects.length === 1 && alone !== undefined ? alone.wait({ timeout: STUCK_AFTER }) : waitAny(objects, { timeout: STUCK_AFTER }));
    partner.set();
  }
  const taken = Number(process.hrtime.bigint() - began);
  for (const object of objects) object.close();
  return taken;
}
