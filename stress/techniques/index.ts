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
