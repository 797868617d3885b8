import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { STOP } from '../../../../stress/peers/board.js';
import { PeerError } from '../../../../stress/peers/peer.js';
import { HELPER64, PEER_WAYS, startActor, useActor, type Actor } from '../../../support/actor.js';
import { uniqueName } from '../../../support/names.js';

/** A command, with the reply that PROTOCOL.md asks for; of a `bad` one only that it is bad. */
type Exchange = readonly [command: string, reply: string];

/** What both implementations of PROTOCOL.md have to answer. `$a` … `$d` stand for names that nobody else uses. */
const SCRIPTS: readonly { readonly title: string; readonly exchanges: readonly Exchange[] }[] = [
  {
    title: 'a mutex is recursive, and only its owner releases it',
    exchanges: [
      ['create mutex 0 $a 0', 'ok 1'], ['create mutex 1 $a 1', 'ok 0'], ['release 0', 'error 288 ReleaseMutex'],
      ['wait 0 0', 'ok 0'], ['wait -1 1', 'ok 0'], ['release 0', 'ok'], ['release 1', 'ok'], ['release 1', 'error 288 ReleaseMutex'],
      ['create mutex 2 $b 1', 'ok 1'], ['release 2', 'ok'], ['release 2', 'error 288 ReleaseMutex'],
    ],
  },
  {
    title: 'a semaphore counts, and gives the count before',
    exchanges: [
      ['create semaphore 0 $a 1 3', 'ok 1'], ['create semaphore 1 $a 0 9', 'ok 0'], ['wait 0 1', 'ok 0'], ['wait 0 0', 'ok 258'],
      ['release 0', 'ok 0'], ['release 1 2', 'ok 1'], ['release 1', 'error 298 ReleaseSemaphore'], ['release 1 2147483647', 'error 298 ReleaseSemaphore'],
      ['wait 0 0', 'ok 0'], ['release 0', 'ok 2'],
    ],
  },
  {
    title: 'an event is set and reset',
    exchanges: [
      ['create event 0 $a 0 0', 'ok 1'], ['wait 0 0', 'ok 258'], ['set 0', 'ok'], ['set 0', 'ok'], ['wait 0 0', 'ok 0'], ['wait 0 0', 'ok 258'],
      ['set 0', 'ok'], ['reset 0', 'ok'], ['wait 1 0', 'ok 258'],
      ['create event 1 $b 1 1', 'ok 1'], ['wait 0 1', 'ok 0'], ['wait -1 1', 'ok 0'], ['reset 1', 'ok'], ['wait 0 1', 'ok 258'],
    ],
  },
  {
    title: 'a section holds 32-bit integers',
    exchanges: [
      ['create section 0 $a 4096', 'ok 1'], ['open section 1 $a', 'ok'], ['read 1 0', 'ok 0'], ['write 0 1023 -2147483648', 'ok'], ['read 1 1023', 'ok -2147483648'],
      ['write 1 0 2147483647', 'ok'], ['read 0 0', 'ok 2147483647'], ['read 0 1024', 'bad'], ['read 0 -1', 'bad'], ['write 0 1024 1', 'bad'],
      ['wait 0 0', 'bad'], ['wait-any 0 0', 'bad'], ['wait-all 0 0', 'bad'], ['hold 0', 'bad'], ['release 0', 'bad'], ['set 0', 'bad'],
      ['close 0', 'ok'], ['read 1 1023', 'ok -2147483648'], ['create section 0 $a 4096', 'ok 0'],
    ],
  },
  {
    title: 'waits for many take one, or all',
    exchanges: [
      ['create event 0 $a 0 0', 'ok 1'], ['create semaphore 1 $b 1 1', 'ok 1'], ['create mutex 2 $c 0', 'ok 1'],
      ['wait-any 0 0 1 2', 'ok 1'], ['wait-any 0 0 1 2', 'ok 2'], ['wait-any 0 0 1', 'ok 258'], ['wait-any -1 0 2 1', 'ok 1'],
      ['wait-all 0 0 1 2', 'ok 258'], ['release 1', 'ok 0'], ['wait-all 0 0 1', 'ok 258'], ['set 0', 'ok'], ['wait-all -1 2 1 0', 'ok 0'], ['wait-any 0 0 1', 'ok 258'],
      ['release 2', 'ok'], ['release 2', 'ok'], ['release 2', 'ok'], ['release 2', 'error 288 ReleaseMutex'],
    ],
  },
  {
    title: 'a name belongs to one kind, and to nobody once it is closed',
    exchanges: [
      ['open mutex 0 $a', 'error 2 OpenMutexW'], ['open semaphore 0 $a', 'error 2 OpenSemaphoreW'], ['open event 0 $a', 'error 2 OpenEventW'], ['open section 0 $a', 'error 2 OpenFileMappingW'],
      ['create event 0 $a 0 0', 'ok 1'], ['create mutex 1 $a 0', 'error 6 CreateMutexExW'], ['create semaphore 1 $a 0 1', 'error 6 CreateSemaphoreExW'],
      ['create section 1 $a 4096', 'error 6 CreateFileMappingW'], ['open mutex 1 $a', 'error 6 OpenMutexW'], ['open semaphore 1 $a', 'error 6 OpenSemaphoreW'],
      ['open section 1 $a', 'error 6 OpenFileMappingW'], ['open event 1 $a', 'ok'], ['close 0', 'ok'], ['set 1', 'ok'], ['close 1', 'ok'],
      ['create mutex 0 $a 0', 'ok 1'], ['create event 1 $a 0 0', 'error 6 CreateEventExW'],
    ],
  },
  {
    title: 'names come percent-encoded',
    exchanges: [
      ['create event 0 Local%5C$a 0 1', 'ok 1'], ['open event 1 $a', 'ok'], ['create event 2 %e9%8d%b5%F0%9F%94%91%20$a 0 0', 'ok 1'], ['open event 3 鍵%F0%9F%94%91%20$a', 'ok'],
      ['create event 4 %zz$a 0 0', 'bad'], ['create event 4 $a% 0 0', 'bad'], ['create event 4 $a%f 0 0', 'bad'], ['create event 4 $a%ff 0 0', 'bad'], ['open event 4 %ed%a0%80$a', 'bad'],
    ],
  },
  {
    title: 'a slot keeps one object',
    exchanges: [
      ['create event 127 $a 0 0', 'ok 1'], ['create event 127 $b 0 0', 'bad'], ['open event 127 $a', 'bad'], ['create event 128 $b 0 0', 'bad'], ['create event -1 $b 0 0', 'bad'],
      ['open event 0 $b', 'error 2 OpenEventW'], ['wait 0 0', 'bad'], ['close 0', 'bad'], ['close 127', 'ok'], ['close 127', 'bad'], ['wait 0 127', 'bad'], ['set 127', 'bad'],
      ['reset 127', 'bad'], ['release 127', 'bad'], ['hold 127', 'bad'], ['handle 127', 'bad'], ['read 127 0', 'bad'], ['write 127 0 0', 'bad'], ['create mutex 127 $a 0', 'ok 1'],
    ],
  },
  {
    title: 'a verb takes its own kinds of object',
    exchanges: [
      ['create mutex 0 $a 0', 'ok 1'], ['create semaphore 1 $b 1 1', 'ok 1'], ['create event 2 $c 0 1', 'ok 1'],
      ['set 0', 'bad'], ['reset 1', 'bad'], ['release 2', 'bad'], ['read 0 0', 'bad'], ['write 1 0 0', 'bad'],
      ['create timer 3 $d 0', 'bad'], ['open process 3 $d', 'bad'], ['adopt timer 3 4', 'bad'], ['create Mutex 3 $d 0', 'bad'],
    ],
  },
  {
    title: 'a command that makes no sense is bad',
    exchanges: [
      ['', 'bad'], ['nonsense', 'bad'], ['WAIT 0 0', 'bad'], ['toString', 'bad'], ['create', 'bad'], ['create mutex', 'bad'], ['create mutex 0', 'bad'], ['create mutex 0 $a', 'bad'],
      ['create mutex 0 $a 2', 'bad'], ['create mutex 0 $a true', 'bad'], ['create mutex zero $a 0', 'bad'], ['create mutex 1.5 $a 0', 'bad'], ['create mutex +1 $a 0', 'bad'],
      ['create semaphore 0 $a 1', 'bad'], ['create semaphore 0 $a one 1', 'bad'], ['create event 0 $a 0', 'bad'], ['create section 0 $a', 'bad'], ['open mutex 0', 'bad'],
      ['adopt mutex 0', 'bad'], ['handle', 'bad'], ['close', 'bad'], ['wait', 'bad'], ['wait 0', 'bad'], ['wait -2 0', 'bad'], ['wait soon 0', 'bad'], ['wait-any 0 x', 'bad'],
      ['release', 'bad'], ['set', 'bad'], ['reset', 'bad'], ['read', 'bad'], ['write', 'bad'], ['hold', 'bad'], ['run', 'bad'], ['run nothing board=0', 'bad'], ['hello', 'bad'], ['hello me', 'bad'],
      ['open mutex 0 $a', 'error 2 OpenMutexW'],
    ],
  },
  {
    title: 'a role needs its keys, and objects of their kinds',
    exchanges: [
      ['create section 0 $a 4096', 'ok 1'], ['create mutex 1 $b 0', 'ok 1'], ['create event 2 $c 0 0', 'ok 1'],
      ['run count', 'bad'], ['run count board=0 contender=0 contenders=1 spin=0', 'bad'], ['run count board=1 contender=0 contenders=1 spin=0 lock=1', 'bad'],
      ['run count board=0 contender=0 contenders=1 spin=0 lock=2', 'bad'], ['run count board=0 contender=0 contenders=1 spin=0 lock=5', 'bad'],
      ['run count board=0 contender=128 contenders=1 spin=0 lock=1', 'bad'], ['run count board=0 contender=0 contenders=0 spin=0 lock=1', 'bad'],
      ['run count board=0 contender=0 contenders=1 spin=-1 lock=1', 'bad'], ['run count board=0 contender=0 contenders=1 spin=x lock=1', 'bad'],
      ['run permits board=0 contender=0 contenders=1 spin=0 semaphore=1 maximum=1', 'bad'], [`write 0 ${STOP} 1`, 'ok'],
      ['run count board=0 contender=0 contenders=1 spin=0 lock=1', 'ok 0 0 0 - - - - -'], ['run count board=0 contender=0 contenders=1 spin=0 lock=-1', 'ok 0 0 0 - - - - -'],
    ],
  },
  {
    title: 'a role without a clock measures nothing of what it does',
    exchanges: [
      ['create section 0 $a 4096', 'ok 1'], ['create event 1 $b 0 1', 'ok 1'], ['create event 2 $c 0 0', 'ok 1'], [`write 0 ${STOP} 1`, 'ok'],
      ['run ping board=0 contender=0 contenders=1 spin=0 mine=1 theirs=2 ball=0 parity=0 clock=2', 'bad'],
      ['run ping board=0 contender=0 contenders=1 spin=0 mine=1 theirs=2 ball=0 parity=0 clock=0', 'ok 1 0 0 - - - - -'], ['wait 0 1', 'ok 258'], ['wait 0 2', 'ok 0'],
    ],
  },
  {
    title: 'a role of sets takes objects of three kinds, and numbers',
    exchanges: [
      ['create section 0 $a 4096', 'ok 1'], ['create mutex 1 $b 0', 'ok 1'], ['create semaphore 2 $c 1 1', 'ok 1'], ['create event 3 $d 0 1', 'ok 1'], [`write 0 ${STOP} 1`, 'ok'],
      ['run sets board=0 contender=0 contenders=1 spin=0 mutex=1 semaphore=2 event=3 patience=0', 'bad'],
      ['run sets board=0 contender=0 contenders=1 spin=0 mutex=1 semaphore=2 event=3 churn=1 broken=4', 'bad'],
      ['run sets board=0 contender=0 contenders=1 spin=0 mutex=1 semaphore=3 event=2 churn=1', 'bad'],
      ['run sets board=0 contender=0 contenders=1 spin=0 mutex=1 semaphore=2 event=3 churn=1 broken=1 patience=1000', 'ok 0 0 0 - - - - -'],
    ],
  },
  {
    title: 'a handle that is none is not adopted',
    exchanges: [
      ['adopt event 0 2147483632', 'error 6 GetHandleInformation'], ['adopt section 0 2147483632', 'error 6 GetHandleInformation'], ['adopt event 0 4294967296', 'bad'], ['adopt event 0 -2147483649', 'bad'], ['wait 0 0', 'bad'],
    ],
  },
];

async function reply(actor: Actor, command: string): Promise<string> {
  try {
    return ['ok', ...await actor.peer.send(command)].join(' ');
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    const [, syscall, errno] = /: (\w+) failed with error (\d+)$/.exec(error.message) ?? [];
    return error.errno === undefined ? 'bad' : `error ${errno} ${syscall}`;
  }
}

describe.each(PEER_WAYS)('a peer of kind $kind, reached by $transport,', ({ kind, transport }) => {
  const actor = useActor(kind, transport);

  test.each(SCRIPTS)('answers as the protocol says: $title', async ({ exchanges }) => {
    const names = ['a', 'b', 'c', 'd'].map(letter => [`$${letter}`, encodeURIComponent(uniqueName())] as const);
    const filled = exchanges.map(([command, expected]) => [names.reduce((text, [placeholder, name]) => text.replace(placeholder, name), command), expected] as const);
    const replies: Exchange[] = [];
    for (const [command] of filled) replies.push([command, await reply(actor(), command)]);
    for (let slot = 0; slot < 128; slot++) await reply(actor(), `close ${slot}`);
    expect(replies).toEqual(filled);
  });

  test('gives the handle of an object as a signed 32-bit number', async () => {
    const remote = await actor().create('event', uniqueName());
    const [handle] = await actor().send('handle', remote.slot);
    expect(handle).toMatch(/^-?\d+$/);
    expect(Number(handle) | 0).toBe(Number(handle));
    expect(Number(handle)).not.toBe(0);
  });

  test('answers in order, however many commands it is given at once', async () => {
    const remote = await actor().createSemaphore(uniqueName(), { initialCount: 0, maximumCount: 1000 });
    const counts = await Promise.all(Array.from({ length: 500 }, () => remote.release()));
    expect(counts).toEqual(Array.from({ length: 500 }, (_each, index) => index));
  });

  test('ends when the process ends that it was told to watch', async () => {
    const watched = await startActor(HELPER64);
    const watching = await startActor(kind, { transport });
    await watching.send('hello', watched.peer.processId);
    await watched.peer.kill();
    await watching.peer.ended;
  });

  test('cannot watch a process that does not exist', async () => {
    expect(await reply(actor(), 'hello 4294967292')).toBe('error 87 OpenProcess');
  });
});

/** The classes of COM in both views of the registry, the user's own and everybody's. */
function registeredClasses(): string[] {
  return ['HKCU', 'HKLM'].flatMap(root => ['/reg:32', '/reg:64'].flatMap(view => {
    try {
      return execFileSync('reg', ['query', `${root}\\Software\\Classes\\CLSID`, view], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(/\r?\n/).map(key => `${view} ${key}`);
    } catch {
      return []; // the key is not there
    }
  }));
}

describe.each(PEER_WAYS.filter(({ transport }) => transport === 'com'))('a peer of kind $kind, started by COM,', ({ kind, transport }) => {
  test('is registered no longer than it takes to start it', async () => {
    const before = registeredClasses();
    expect(before.length).toBeGreaterThan(10);
    const { peer } = await startActor(kind, { transport });
    expect(registeredClasses()).toEqual(before);
    await peer.kill();
    expect(registeredClasses()).toEqual(before);
  });
});
