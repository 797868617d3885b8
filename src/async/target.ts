import type { KernelMutex, ObjectKind } from '../kernel/kernel.js';
import { kernel } from '../kernel/select.js';
import type { OwnedHandle } from '../owned-handle.js';
import type { ObjectState } from '../registry.js';
import { MutexHold } from './hold.js';
import { PermitBook } from './permit-book.js';

/** What the asynchronous part asks of a public object. */
interface PublicObject {
  readonly kind: ObjectKind;
  readonly name: string | undefined;
}

/** An object to wait for, as the asynchronous part sees it. */
export class Target {
  readonly kind: ObjectKind;
  /** The public object: while a wait pends, it must not be collected, and so closed. */
  readonly front: PublicObject;
  readonly owned: OwnedHandle;
  readonly objectState: ObjectState;
  /** The mutex itself, where the kernel has a quicker way to it than the handle. */
  readonly mutex: KernelMutex | undefined;
  /** Of a mutex: the hold that most locks on it are, one after the other; see `MutexHold.for`. */
  readonly hold: MutexHold = new MutexHold(this);
  /** The name under which an unclean end is remembered: see `unclean-ends.ts`. */
  mark: string | undefined = undefined;
  /** Of a semaphore. */
  readonly permits: PermitBook | undefined;
  /** The targets of a wait for this one alone. */
  readonly alone: readonly [Target];

  constructor(front: PublicObject, owned: OwnedHandle, objectState: ObjectState) {
    this.kind = front.kind;
    this.front = front;
    this.owned = owned;
    this.objectState = objectState;
    this.mutex = this.kind === 'mutex' ? kernel.mutexOf(owned.value) : undefined;
    this.permits = this.kind === 'semaphore' ? new PermitBook() : undefined;
    this.alone = [this];
  }

  get name(): string | undefined {
    return this.front.name;
  }
}
