import { workerData } from 'node:worker_threads';

/** Where the process has koffi's native module from, and of which version it is. */
export interface LoadedKoffi {
  readonly version: string;
  /** Absolute paths, the likeliest first. */
  readonly paths: readonly string[];
}

/** What a thread that has the library as one text, and no `node_modules` beside it, is told in its `workerData`. */
export interface KoffiData {
  readonly koffi: LoadedKoffi;
}

const { version, paths } = (workerData as KoffiData).koffi;

/** Stands in for the package `koffi` there: its native module, which the process has loaded already, is all that this library uses of it. */
export default firstLoaded();

function firstLoaded(): unknown {
  for (const path of paths) {
    const module: { exports: { readonly version?: unknown } } = { exports: {} };
    try {
      process.dlopen(module, path);
    } catch {
      continue; // another module, which cannot be loaded by a second thread
    }
    if (module.exports.version === version) return module.exports;
  }
  throw new Error(`koffi ${version} is in none of ${paths.join(', ')}`);
}
