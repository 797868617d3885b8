import { Option } from './libraries/commander.js';

/** For the commands that prepare machines, and for what they launch, which is told the one that it has. */
export function kernelOption(): Option {
  return new Option('--kernel <kernel>', 'this one alone (default: all that this system can run)').choices(['linux', 'win32']);
}
