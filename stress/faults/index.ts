import { clock } from './clock.js';
import { close } from './close.js';
import { exhaust } from './exhaust.js';
import type { Fault } from '../runner/fault.js';
import { full } from './full.js';
import { interrupt } from './interrupt.js';
import { kill } from './kill.js';
import { reap } from './reap.js';
import { suspend } from './suspend.js';

export const faults: readonly Fault[] = [kill, reap, suspend, close, exhaust, interrupt, full, clock];
