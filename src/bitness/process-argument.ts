import { checkInteger, typeError } from '../arguments.js';
import { systemError } from '../errors.js';
import { processes } from '../kernel/select.js';
import { Process } from '../process.js';

/** The id of a process that is given by an object, which keeps the id from becoming another one's, or by its id. */
export function checkProcess(process: unknown): number {
  if (typeof process === 'number') return checkInteger(process, 'process', 1, 0xffffffff);
  if (!(process instanceof Process)) throw typeError('process', 'a Process or a process id', process);
  const processId = processes.processIdOf(process.handle);
  if (processId === 0) throw systemError(processes.failure, process);
  return processId;
}
