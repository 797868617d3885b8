/*
 * What errno can say that we branch on; the same on every processor that this kernel knows.
 */

export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const ENOMEM = 12;
export const EACCES = 13;
export const EEXIST = 17;
export const ENOTDIR = 20;
export const EINVAL = 22;
export const ENFILE = 23;
export const EMFILE = 24;
export const EFBIG = 27;
export const ENOSPC = 28;
export const EROFS = 30;
export const ENOSYS = 38;
export const ELOOP = 40;
export const ETIMEDOUT = 110;
export const EDQUOT = 122;
