import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Mapping } from '../../kernel.js';
import { mapping } from '../../mapping.js';
import { ERROR_ACCESS_DENIED, ERROR_NOT_SUPPORTED } from '../../status.js';
import { EEXIST } from '../system/errno.js';
import { FileFailure, systemFailure, tooLarge } from './failure.js';
import { OPEN_FLAGS, type Files } from '../system/files.js';
import { createFile } from './folder.js';
import type { Audience } from './settings.js';
import type { System } from '../system/system.js';

const PREFIX = 'section-';
const NAME = /^section-(\d+)-(\d+)$/;

/** How many names are tried: one, and some that nobody can have foreseen. */
const ATTEMPTS = 10;

/** The place of files of sections. */
interface Sections {
  readonly folder: string;
  readonly audience: Audience;
  inFolder<Result>(action: (folder: number) => Result): Result;
}

function nameOf(index: number, generation: number): string {
  return `${PREFIX}${index}-${generation}`;
}

/**
 * Makes the file of a section, with memory for all of it; gives the generation that is part of its name.
 *
 * A file of that name is what a process left that was killed in here. Another user's cannot be removed, so the generation is another one then, which he cannot have made a file for as well.
 *
 * @throws FileFailure
 */
export function makeSectionFile(files: Files, sections: Sections, index: number, generation: number, byteLength: number): number {
  return sections.inFolder(folder => {
    let next = generation;
    for (let attempt = 1; ; attempt++) {
      const name = nameOf(index, next);
      const path = join(sections.folder, name);
      if (files.sizeLimit() < byteLength) throw tooLarge('posix_fallocate', path);
      files.removeIn(folder, name);
      const descriptor = createFile(files, folder, name, sections.audience);
      if (descriptor < 0) {
        if (files.errno !== EEXIST || attempt === ATTEMPTS) throw systemFailure(files.errno, 'open', path);
        next = randomInt(1, 0x7fffffff);
        continue;
      }
      const errno = files.allocate(descriptor, 0, byteLength);
      files.close(descriptor);
      if (errno === 0) return next;
      files.removeIn(folder, name);
      throw systemFailure(errno, 'posix_fallocate', path);
    }
  });
}

/**
 * Maps the first bytes of it.
 *
 * @throws FileFailure
 */
export function mapSectionFile(system: System, sections: Sections, index: number, generation: number, byteLength: number): Mapping {
  const { files } = system;
  const name = nameOf(index, generation);
  const path = join(sections.folder, name);
  const begin = sections.inFolder(folder => {
    const descriptor = files.openIn(folder, name, OPEN_FLAGS);
    if (descriptor < 0) throw systemFailure(files.errno, 'open', path);
    try {
      // As MapViewOfFile has it. Beyond the end of a file, memory would be a SIGBUS.
      if ((files.stats(descriptor)?.size ?? 0) < byteLength) throw new FileFailure({ errno: ERROR_ACCESS_DENIED, syscall: 'MapViewOfFile' });
      const address = system.map(descriptor, byteLength);
      if (address === undefined) throw systemFailure(system.errno, 'mmap', path);
      return address;
    } finally {
      files.close(descriptor);
    }
  });
  const unmap = () => system.unmap(begin, byteLength);
  try {
    return mapping(begin, byteLength, unmap);
  } catch {
    unmap();
    throw new FileFailure({ errno: ERROR_NOT_SUPPORTED, syscall: 'koffi.view' });
  }
}

/** Nobody can open it any more. */
export function removeSectionFile(files: Files, sections: Sections, index: number, generation: number): void {
  try {
    sections.inFolder(folder => files.removeIn(folder, nameOf(index, generation)));
  } catch (error) {
    // The folder is gone, or can be used no more; and with it the file.
    if (!(error instanceof FileFailure)) throw error;
  }
}

/** Removes the files of sections that are not these. */
export function removeSectionsExcept(files: Files, sections: Sections, isSection: (index: number, generation: number) => boolean): void {
  sections.inFolder(folder => {
    for (const name of files.namesIn(folder)) {
      const [, index = '', generation = ''] = NAME.exec(name) ?? [];
      if (index !== '' && !isSection(Number(index), Number(generation))) files.removeIn(folder, name);
    }
  });
}

export function removeAllSections(files: Files, folder: number): void {
  for (const name of files.namesIn(folder)) if (name.startsWith(PREFIX)) files.removeIn(folder, name);
}
