/**
 * How a contender of a negative control does something else with timers than it enters in its record. A defect is known in the protocol by its place here.
 *
 * - `early`: a timer that it sets is due at once.
 * - `twice`: the timer whose expiry it has taken is signalled again.
 * - `cancel`: it cancels no timer, but says so.
 * - `lost`: a timer that it sets is never due.
 */
export const TIMER_DEFECTS = ['none', 'early', 'twice', 'cancel', 'lost'] as const;
export type TimerDefect = (typeof TIMER_DEFECTS)[number];
