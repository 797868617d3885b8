import { ERROR_NOT_SUPPORTED } from '../../status.js';
import { HEAD_OFFSET, HEAD_SLOT_BYTES, HEADS, HEADS_AT } from './layout.js';
import { CutSections } from './cut-sections.js';
import { RobustList } from '../system/robust-list.js';
import { FileFailure } from './failure.js';
import type { SharedFile } from './shared-file.js';
import type { System } from '../system/system.js';
import { isUnused, ownIdentity, type ThreadIdentity } from '../system/thread-identity.js';

/** The calling thread, as the system knows it. */
export class Thread {
  readonly identity: ThreadIdentity;
  readonly id: number;
  readonly processId = process.pid;
  readonly system: System;
  readonly cutSections: CutSections;
  #list: RobustList | undefined;

  constructor(system: System) {
    this.system = system;
    this.identity = ownIdentity(system, this.processId);
    this.id = this.identity.id;
    this.cutSections = new CutSections(this.id);
  }

  /**
   * The thread's robust list, for locks in this file too.
   *
   * @throws FileFailure
   */
  listFor(file: SharedFile): RobustList {
    this.#list ??= RobustList.ofLibrary(this.system) ?? this.#install(file);
    this.#list.addRegion(file);
    return this.#list;
  }

  /** Before anything else can be locked, so a slot is taken without a lock, and given back by nobody: it is free when its thread is no more. */
  #install(file: SharedFile): RobustList {
    const { words } = file;
    const [present] = this.system.robustList();
    const inFile = present - file.address;
    if (inFile >= HEADS_AT && inFile < HEADS_AT + HEADS * HEAD_SLOT_BYTES) return RobustList.installed(this.system, file.buffer, inFile, present);
    for (let slot = 0; slot < HEADS; slot++) {
      const offset = HEADS_AT + slot * HEAD_SLOT_BYTES;
      const holder = Atomics.load(words, offset / 4);
      if (holder !== 0 && !isUnused(this.system, holder, this.identity)) continue;
      if (Atomics.compareExchange(words, offset / 4, holder, this.id) !== holder) continue;
      const list = RobustList.install(this.system, file.buffer, offset + HEAD_OFFSET, file.address + offset + HEAD_OFFSET);
      if (list !== undefined) return list;
      break;
    }
    throw new FileFailure({ errno: ERROR_NOT_SUPPORTED, syscall: 'set_robust_list', reason: 'this thread cannot have a robust list, without which a lock would not outlive its owner' });
  }
}
