import { fstatSync } from 'node:fs';
import type { Mapping } from '../kernel.js';
import { mapping } from '../mapping.js';
import { ERROR_ACCESS_DENIED, ERROR_NOT_SUPPORTED } from '../status.js';
import { createFile, FileFailure, removeQuietly, systemFailure, type SharedFile } from './shared-file.js';
import { OPEN_FLAGS, type System } from './system.js';

/** Makes the file of a section, with memory for all of it. A file of that name is what a process left that was killed in here, if nobody has repaired that yet. */
export function makeSectionFile(system: System, file: SharedFile, path: string, byteLength: number): void {
  removeQuietly(path);
  const descriptor = createFile(system, path, file.audience);
  if (descriptor < 0) throw systemFailure(system.errno, 'open', path);
  const errno = system.allocate(descriptor, 0, byteLength);
  system.close(descriptor);
  if (errno === 0) return;
  removeQuietly(path);
  throw systemFailure(errno, 'posix_fallocate', path);
}

/**
 * Maps the first bytes of it.
 *
 * @throws FileFailure
 */
export function mapSectionFile(system: System, path: string, byteLength: number): Mapping {
  const descriptor = system.open(path, OPEN_FLAGS, 0);
  if (descriptor < 0) throw systemFailure(system.errno, 'open', path);
  let address: number | undefined;
  try {
    // As MapViewOfFile has it. Beyond the end of a file, memory would be a SIGBUS.
    if (fstatSync(descriptor).size < byteLength) throw new FileFailure({ errno: ERROR_ACCESS_DENIED, syscall: 'MapViewOfFile' });
    address = system.map(descriptor, byteLength);
    if (address === undefined) throw systemFailure(system.errno, 'mmap', path);
  } finally {
    system.close(descriptor);
  }
  const begin = address;
  const unmap = () => system.unmap(begin, byteLength);
  try {
    return mapping(begin, byteLength, unmap);
  } catch {
    unmap();
    throw new FileFailure({ errno: ERROR_NOT_SUPPORTED, syscall: 'koffi.view' });
  }
}
