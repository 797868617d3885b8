import { afterEach, describe, expect, test, vi } from 'vitest';
import { Interpreter } from '../../../stress/peers/protocol/interpreter.js';
import { PeerEndedError, PeerError } from '../../../stress/peers/peer.js';
import { hasProgram, peerPrograms } from '../../../stress/peers/programs.js';
import { PEER_WAYS, startActor } from '../../support/actor.js';
import { uniqueName } from '../../support/names.js';

describe('an interpreter', () => {
  class Died extends Error {}

  function interpreter() {
    const exit = vi.fn();
    const die = vi.fn((exitCode: number): never => {
      throw new Died(String(exitCode));
    });
    return { exit, die, interpreter: new Interpreter({ threadId: 3, die, exit }) };
  }

  test('says hello with what its host is', async () => {
    expect(await interpreter().interpreter.execute('hello 0')).toBe(`ok ${process.arch === 'ia32' ? 32 : 64} ${process.pid} 3`);
  });

  test('leaves its end to its host', async () => {
    const { interpreter: subject, die, exit } = interpreter();
    await subject.execute('exit');
    expect(exit).toHaveBeenCalledOnce();
    await expect(subject.execute('die 7')).rejects.toBeInstanceOf(Died);
    expect(die).toHaveBeenCalledExactlyOnceWith(7);
  });

  test('does nothing any more once it holds', async () => {
    const { interpreter: subject, exit } = interpreter();
    expect(await subject.execute(`create event 0 ${encodeURIComponent(uniqueName())} 0 1`)).toBe('ok 1');
    expect(await subject.execute('hold 0')).toBe('ok 0');
    expect(await subject.execute('wait 0 0')).toBeUndefined();
    expect(await subject.execute('exit')).toBeUndefined();
    expect(exit).not.toHaveBeenCalled();
  });
});

describe.each(PEER_WAYS)('a peer of kind $kind, reached by $transport,', ({ kind, transport }) => {
  test('tells its bitness and its process, its errors apart, and that it has ended', async () => {
    const { peer } = await startActor(kind, { transport });
    expect(peer.kind).toBe(kind);
    expect(peer.transport).toBe(transport);
    expect(peer.bits).toBe({ thread: process.arch === 'ia32' ? 32 : 64, node: process.arch === 'ia32' ? 32 : 64, node32: 32, helper32: 32, helper64: 64 }[kind]);
    expect(peer.processId === process.pid).toBe(kind === 'thread');

    const failed = peer.send('open', 'mutex', 0, encodeURIComponent(uniqueName()));
    await expect(failed).rejects.toBeInstanceOf(PeerError);
    await expect(failed).rejects.toMatchObject({ errno: 2, message: expect.stringContaining('OpenMutexW') as string });
    const bad = peer.send('close', 0);
    await expect(bad).rejects.toBeInstanceOf(PeerError);
    await expect(bad).rejects.toMatchObject({ errno: undefined, message: expect.stringContaining('close 0: bad ') as string });

    await peer.send('create', 'event', 0, encodeURIComponent(uniqueName()), 0, 1);
    await peer.send('hold', 0);
    const neverAnswered = peer.send('close', 0);
    const rejected = expect(neverAnswered).rejects.toBeInstanceOf(PeerEndedError);
    await peer.kill();
    await rejected;
    await expect(peer.send('close', 0)).rejects.toBeInstanceOf(PeerEndedError);
    await peer.exit();
  });
});

describe('the programs of peers', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const variables = ['WAITABLE_HELPER32', 'WAITABLE_HELPER64', 'WAITABLE_NODE32', 'WAITABLE_ROOT32'];

  test.each(variables)('have to be known: %s', variable => {
    for (const each of variables) vi.stubEnv(each, 'somewhere');
    expect(peerPrograms.helper32).toBe('somewhere');
    vi.stubEnv(variable, '');
    expect(() => Object.values(peerPrograms)).toThrow(variable);
    vi.stubEnv(variable, undefined);
    expect(() => Object.values(peerPrograms)).toThrow(variable);
  });

  test('may be absent, but not left unsaid', () => {
    vi.stubEnv('WAITABLE_NODE32', 'somewhere');
    expect(hasProgram('node32')).toBe(true);
    vi.stubEnv('WAITABLE_NODE32', '');
    expect(hasProgram('node32')).toBe(false);
    vi.stubEnv('WAITABLE_NODE32', undefined);
    expect(() => hasProgram('node32')).toThrow('WAITABLE_NODE32');
  });
});
