import { faults } from './faults/index.js';
import type { Catalog } from './runner/run-stress.js';
import { scenarios } from './scenarios/index.js';

/** What a run can choose from that brings nothing of its own. */
export const builtIn: Catalog = { scenarios, faults };
