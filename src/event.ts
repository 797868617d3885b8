import { checkBoolean } from './arguments.js';
import type { AsyncEvent } from './contract.js';
import { systemError } from './errors.js';
import { kernel } from './kernel/select.js';
import { checkOptions, type OptionNames } from './options-bag.js';
import { checkObjectOptions, OBJECT_OPTIONS, type ObjectOptions, type OpenOptions } from './options.js';
import { checkOptionalName, created, opened, tryOpened, Waitable } from './waitable.js';

export interface EventOptions extends ObjectOptions {
  /** `true`: stays set, and releases every wait, until it is reset. `false` (the default): each set releases one wait, which resets it. */
  readonly manualReset?: boolean | undefined;
  /** Whether it is set to begin with. `false` by default. */
  readonly initialState?: boolean | undefined;
}

const EVENT_OPTIONS: OptionNames<EventOptions> = { ...OBJECT_OPTIONS, manualReset: true, initialState: true };

/**
 * A flag to wait for, shared by name between processes.
 *
 * @example
 * ```ts
 * using ready = Event.create('my-app ready', { manualReset: true });
 * ready.set(); // in one process
 * ready.waitSync(); // in all others
 * ```
 * @see {@link https://learn.microsoft.com/windows/win32/sync/event-objects}
 */
export class Event extends Waitable implements AsyncEvent {
  readonly kind = 'event';

  /**
   * Creates an event, or opens the one that has this name already; its state and way of reset then stand as they are.
   *
   * @throws InvalidNameError, KindMismatchError (the name belongs to another kind), AccessDeniedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-createeventexw | CreateEventExW}
   */
  static create(name?: string, options?: EventOptions): Event {
    const checked = checkOptionalName(name);
    const given = checkOptions(options, EVENT_OPTIONS);
    const { manualReset = false, initialState = false } = given;
    checkBoolean(manualReset, 'manualReset');
    checkBoolean(initialState, 'initialState');
    return new Event(created(kernel.createEvent(checked, manualReset, initialState, checkObjectOptions('event', given)), 'event', checked));
  }

  /**
   * Opens the event of this name.
   *
   * @throws NotFoundError (there is none), InvalidNameError, KindMismatchError, AccessDeniedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-openeventw | OpenEventW}
   */
  static open(name: string, options?: OpenOptions): Event {
    return new Event(opened('event', name, options));
  }

  /** As `open`, but gives `undefined` when there is none. */
  static tryOpen(name: string, options?: OpenOptions): Event | undefined {
    const init = tryOpened('event', name, options);
    return init && new Event(init);
  }

  /**
   * Sets the event: releases one wait (auto-reset) or all of them (manual-reset); if none waits, the next one. Setting it again changes nothing.
   *
   * @throws AccessDeniedError, ClosedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-setevent | SetEvent}
   */
  set(): void {
    if (!kernel.setEvent(this.handle)) throw systemError(kernel.failure, this);
  }

  /**
   * Takes the set back.
   *
   * @throws AccessDeniedError, ClosedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-resetevent | ResetEvent}
   */
  reset(): void {
    if (!kernel.resetEvent(this.handle)) throw systemError(kernel.failure, this);
  }
}
