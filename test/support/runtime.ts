/** Starts this runtime on a script, where nothing is put before the script by itself: Node's `spawn` is made to do so in Deno. */
export const RUN_SCRIPT: readonly [string, ...string[]] = process.versions['deno'] === undefined ? [process.execPath] : [process.execPath, 'run', '--allow-all'];
