import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { valueError } from '../arguments.js';
import { NotFoundError } from '../errors.js';
import type { Failure } from '../kernel/kernel.js';
import type { Bitness, LaunchMethod } from '../kernel/processes.js';
import { processes } from '../kernel/select.js';
import {
  ERROR_ACCESS_DENIED, ERROR_DIRECTORY, ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND,
} from '../kernel/status.js';
import { bitnessOfProgram } from './program-header.js';
import { systemDirectory } from './system-directory.js';

const ON_WINDOWS = sep === '\\';

/**
 * Programs to the command interpreter, which reads their arguments in its own way: a quotation mark in one could start
 * another program.
 */
const BATCH_FILE = /\.(?:bat|cmd)[. ]*$/i;
const PROGRAM = /\.(?:exe|com)$/i;

/** A program as a launch takes it: on Windows a name without an extension means one with `.exe`. */
export function checkProgram(given: string, method: LaunchMethod, hasArguments: boolean): string {
  const program = ON_WINDOWS && !/\.[^\\/:]*$/.test(given) && !/[\\/:]$/.test(given) ? `${given}.exe` : given;
  if (BATCH_FILE.test(program)) {
    throw valueError(`command must name a program, not a batch file; given: ${JSON.stringify(given)}. `
      + 'Start cmd.exe with it, and with arguments that cmd.exe reads as you mean them');
  }
  // What a document is opened with is for the user to choose: a link may lead to a batch file, and a script to any
  // interpreter.
  if (ON_WINDOWS && method === 'ShellExecute' && hasArguments && !PROGRAM.test(program)) {
    throw valueError(`command must name a program (.exe or .com) when it has arguments; given: ${JSON.stringify(given)}`
      + ', and whatever opens that would read them in its own way');
  }
  return program;
}

/** The path of the program of that bitness. */
export function programOf(bitness: Bitness, program: string, directory: string | undefined): string {
  const bare = !(ON_WINDOWS ? /[/\\:]/ : /\//).test(program);
  const found = !bare ? program : ON_WINDOWS ? join(systemDirectory(bitness), program) : onPath(program, bitness);
  const path = found === undefined ? undefined : seenFromHere(found, directory);
  if (found === undefined || path === undefined || !exists(path)) {
    throw new NotFoundError(`launch: there is no ${bitness}-bit program ${JSON.stringify(program)}`, {
      errno: ERROR_FILE_NOT_FOUND, syscall: 'CreateProcessW', objectName: program,
    });
  }
  const header = bitnessOfProgram(path);
  const actual = header === 'any' ? bitnessOfSystem() : header;
  if (actual !== bitness) {
    const what = actual === undefined ? 'no program with a header' : `a ${actual}-bit one`;
    throw valueError(`command must name a ${bitness}-bit program, as bitness says; `
      + `given: ${JSON.stringify(found)}, which is ${what}`);
  }
  return found;
}

/** A relative path is the child's, from its current directory. */
function seenFromHere(path: string, directory: string | undefined): string {
  if (directory === undefined || isAbsolute(path)) return path;
  // Where there are symbolic links, `..` is for the system to follow.
  return ON_WINDOWS ? resolve(directory, path) : `${directory}/${path}`;
}

function onPath(program: string, bitness: Bitness): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => isAbsolute(folder));
  return folders.map(folder => join(folder, program)).find(path => bitnessOfProgram(path) === bitness);
}

/** Also of an App Execution Alias, which is a link that nobody can follow but the system. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** In which a .NET program runs that is for either. */
function bitnessOfSystem(): Bitness {
  return processes.systemDirectory(64) === undefined ? 32 : 64;
}

/** What the system leaves open: whether it missed the program, or the directory that it was to be started in. */
export function explained(failure: Failure, directory: string | undefined): Failure {
  const { errno, syscall } = failure;
  const missing = errno === ERROR_FILE_NOT_FOUND || errno === ERROR_PATH_NOT_FOUND;
  if (directory !== undefined && (missing || errno === ERROR_DIRECTORY || errno === ERROR_ACCESS_DENIED)) {
    const reason = (what: string) => `cwd must be a directory that ${what}; given: ${directory}`;
    const lack = lackOf(directory);
    if (lack === 'no directory') return { errno: ERROR_DIRECTORY, syscall, reason: reason('exists') };
    if (lack === 'denied') return { errno: ERROR_ACCESS_DENIED, syscall, reason: reason('this user may enter') };
  }
  return missing && failure.reason === undefined ? { errno, syscall, reason: 'there is no such program' } : failure;
}

function lackOf(directory: string): 'no directory' | 'denied' | undefined {
  try {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return 'no directory';
    accessSync(directory, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return ['EACCES', 'EPERM'].includes(code) ? 'denied' : 'no directory';
  }
}
