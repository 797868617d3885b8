import type { ObjectKind } from '../kernel/kernel.js';
import type { OwnedHandle } from '../owned-handle.js';
import type { Turnstile } from './turnstile.js';

/** An object to wait for, as the asynchronous part sees it. */
export interface Target {
  readonly kind: ObjectKind;
  readonly name: string | undefined;
  readonly owned: OwnedHandle;
  readonly turnstile: Turnstile;
  /** The public object: while a wait pends, it must not be collected, and so closed. */
  readonly front: object;
}
