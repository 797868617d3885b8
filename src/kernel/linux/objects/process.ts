import { WAIT_OBJECT_0, WAIT_TIMEOUT } from '../../status.js';
import { OBJECT } from '../file/layout.js';
import { SharedObject } from './shared-object.js';
import type { Namespace } from '../file/view.js';

/** A process, through a pidfd: signalled for ever once it has ended. It stands in the shared file only so that its handle is like any other. */
export class ProcessObject extends SharedObject {
  readonly #descriptor: number;

  constructor(session: Namespace, index: number, client: number) {
    super(session, index, client);
    this.#descriptor = session.ownDescriptors.of(index, this.field(OBJECT.GENERATION));
  }

  override get descriptor(): number {
    return this.#descriptor;
  }

  override tryTake(): number {
    return this.free ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
  }

  override giveBack(): void {
    // nothing is taken of it
  }

  override get signalled(): boolean {
    return this.free;
  }

  protected override get free(): boolean {
    return this.session.system.poll([this.descriptor], 0);
  }

  override arm(): boolean {
    this.expected = 0;
    return !this.free;
  }

  override mark(): boolean {
    return this.free;
  }

  override unmark(): void {
    // what has ended stays so
  }

  override commit(): boolean {
    return false;
  }

  override reserve(): void {
    // what has ended is so for everybody
  }

  protected override afterReservation(): void {
    // it is kept for nobody
  }
}
