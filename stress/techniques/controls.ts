import { Mutex, Process } from 'waitable';
import { duplicateFrom, duplicateTo, layout, SharedMemory, toHandle32 } from 'waitable/bitness';
import { specimenLayout } from '../peers/specimen.js';
import { contend, createBoard, playPartner } from './count-together.js';
import { pseudoHandleOf } from './handle-sign-extended.js';
import { takePart } from './handle-truncated.js';
import type { Technique } from './technique.js';
import { NotHereError } from './technique-context.js';

/** Widens the critical section far enough that two who hold different locks meet in it all the time. */
const CONTROL_SPIN = 20_000;

export const otherHandle: Technique = {
  name: 'other-handle',
  summary: 'negative control: the handle of another mutex is sent, so that each side has a lock of its own; increments have to be lost',
  unit: 'locks',
  control: /torn|the counter equals/,
  async run(context) {
    const peer = await context.startPeer();
    await takePart(peer, context.nameOf('first'));
    using mutex = Mutex.create();
    using other = Mutex.create();
    using board = createBoard();
    const slots = { lock: 1, board: 2 };
    await peer.send('adopt', 'mutex', slots.lock, toHandle32(duplicateTo(peer.processId, other)));
    await peer.send('adopt', 'section', slots.board, toHandle32(duplicateTo(peer.processId, board)));
    await contend(context, { mutex, board, spin: CONTROL_SPIN, toBreak: true }, playPartner(context, peer, slots, CONTROL_SPIN));
  },
};

export const zeroExtended: Technique = {
  name: 'zero-extended',
  summary: 'negative control: the peer\'s pseudo-handle is zero-extended instead; it has to be refused',
  unit: 'handles',
  control: /RangeError: handle must be .* given: 4294967295/,
  async run(context) {
    const peer = await context.startPeer();
    const value = await pseudoHandleOf(peer);
    if (value === undefined) throw new NotHereError('no handle is negative here, and zero-extending changes no other');
    duplicateFrom(Process, peer.processId, value).close();
    context.did(1);
  },
};

export const foreignLayout: Technique = {
  name: 'foreign-layout',
  summary: 'negative control: the section has another layout than the peer was compiled with; the peer has to refuse it',
  unit: 'specimens',
  control: /another layout/,
  async run(context) {
    const peer = await context.startPeer();
    const name = context.nameOf('specimen');
    using memory = SharedMemory.create(name, layout({ ...specimenLayout.fields, i8: 'uint8' }));
    await peer.send('open', memory.kind, 1, encodeURIComponent(name));
    await peer.send('fill', 1, 0);
    context.did(1);
  },
};
