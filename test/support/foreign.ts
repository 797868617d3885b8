import type { Foreign } from './foreign-code.js';

const foreign: Foreign = process.platform === 'win32' ? await import('./foreign-win32.js') : (await import('./foreign-linux.js')).foreign;

export const { duplicate, closeHandle, inheritance, sameObject, createEvent, threadHandle, duplicateInto, trustees, grantedToEveryone } = foreign;
