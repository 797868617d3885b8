import { Option } from 'commander';

/** For the commands that prepare machines; what they launch takes it too, and does without. */
export function kernelOption(): Option {
  return new Option('--kernel <kernel>', 'this one alone (default: all that this system can run)').choices(['linux', 'win32']);
}
