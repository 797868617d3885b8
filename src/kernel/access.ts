/*
 * Rights of handles, in Win32's numbers: both kernels check them, and the public objects ask for them.
 *
 * @see https://learn.microsoft.com/windows/win32/sync/synchronization-object-security-and-access-rights
 */

/** To wait for the object. */
export const SYNCHRONIZE = 0x100000;

/** To signal an event, a semaphore or a timer: EVENT_, SEMAPHORE_ and TIMER_MODIFY_STATE. */
export const MODIFY_STATE = 0x2;

/** Of shared memory. */
export const FILE_MAP_WRITE = 0x2;
export const FILE_MAP_READ = 0x4;
