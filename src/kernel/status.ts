/**
 * What a kernel answers, in the vocabulary of the field: Win32's numbers. Every kernel speaks it, also one that is not Windows,
 * so that the public objects are written once and callers can compare `errno` with Microsoft's documentation.
 */

/** A wait succeeded; for one of many objects, its index is added. */
export const WAIT_OBJECT_0 = 0x00;
/** A wait succeeded, and took over a mutex whose owner had died; for one of many objects, its index is added. */
export const WAIT_ABANDONED_0 = 0x80;
/** Another thread has interrupted the wait, which took nothing. (Win32's WAIT_IO_COMPLETION.) */
export const WAIT_INTERRUPTED = 0xc0;
export const WAIT_TIMEOUT = 0x102;
export const WAIT_FAILED = 0xffffffff;

/** The timeout that never passes. */
export const INFINITE = -1;
/** The longest timeout in ms: a DWORD's largest value is Win32's `INFINITE`, the one below it is about 49.7 days. */
export const MAXIMUM_TIMEOUT = 0xfffffffe;

export const ERROR_FILE_NOT_FOUND = 2;
export const ERROR_PATH_NOT_FOUND = 3;
export const ERROR_TOO_MANY_OPEN_FILES = 4;
export const ERROR_ACCESS_DENIED = 5;
export const ERROR_INVALID_HANDLE = 6;
export const ERROR_NOT_ENOUGH_MEMORY = 8;
export const ERROR_WRITE_PROTECT = 19;
export const ERROR_GEN_FAILURE = 31;
export const ERROR_SHARING_VIOLATION = 32;
export const ERROR_LOCK_VIOLATION = 33;
export const ERROR_NOT_SUPPORTED = 50;
export const ERROR_INVALID_PARAMETER = 87;
export const ERROR_CALL_NOT_IMPLEMENTED = 120;
export const ERROR_INVALID_NAME = 123;
export const ERROR_ALREADY_EXISTS = 183;
export const ERROR_BAD_EXE_FORMAT = 193;
export const ERROR_FILENAME_EXCED_RANGE = 206;
export const ERROR_EXE_MACHINE_TYPE_MISMATCH = 216;
export const ERROR_FILE_TOO_LARGE = 223;
export const ERROR_VIRUS_INFECTED = 225;
export const ERROR_DIRECTORY = 267;
export const ERROR_NOT_OWNER = 288;
export const ERROR_TOO_MANY_POSTS = 298;
export const ERROR_ELEVATION_REQUIRED = 740;
export const ERROR_FILE_INVALID = 1006;
export const ERROR_POSSIBLE_DEADLOCK = 1131;
export const ERROR_NO_ASSOCIATION = 1155;
export const ERROR_CANCELLED = 1223;
export const ERROR_ACCESS_DISABLED_BY_POLICY = 1260;
export const ERROR_REVISION_MISMATCH = 1306;
export const ERROR_INVALID_ACL = 1336;
export const ERROR_INVALID_SID = 1337;
export const ERROR_INVALID_SECURITY_DESCR = 1338;
export const ERROR_FILE_CORRUPT = 1392;
export const ERROR_NO_SYSTEM_RESOURCES = 1450;
export const ERROR_COMMITMENT_LIMIT = 1455;
export const ERROR_CANT_RESOLVE_FILENAME = 1921;
/** App Control, or Smart App Control, does not let the program run. */
export const ERROR_SYSTEM_INTEGRITY_POLICY_VIOLATION = 4551;
