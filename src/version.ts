/** Of this package, as its package.json has it: a bundle comes without that file. */
export const VERSION = '0.1.0';
