import { foreignLayout, otherHandle, zeroExtended } from './controls.js';
import { handleInherited } from './handle-inherited.js';
import { handleSignExtended } from './handle-sign-extended.js';
import { handleTruncated } from './handle-truncated.js';
import { createProcess, shellExecute } from './launches.js';
import { sectionShared } from './section-shared.js';
import { sysnative } from './sysnative.js';
import type { Technique } from './technique.js';
import { com, rpc } from './transports.js';

/** All techniques, in the order in which they are run, and the negative controls. */
export const techniques: readonly Technique[] = [
  handleTruncated, handleSignExtended, handleInherited, sectionShared, rpc, com, createProcess, shellExecute, sysnative, otherHandle, zeroExtended, foreignLayout,
];

/** All of them together, as the stress command has them chosen: beside the scenarios, as one of them. */
export const TECHNIQUES = { name: 'techniques', summary: 'each way to share between the bitnesses, from 64 to 32 bits and from 32 to 64: handles, sections, RPC, COM, launches, system folders' };
