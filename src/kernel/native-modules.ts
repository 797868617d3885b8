import koffi from 'koffi';
import Module from 'node:module';
import { basename } from 'node:path';
import type { LoadedKoffi } from './loaded-koffi.js';

/** Where this process has koffi from, wherever a bundler has put it. */
export function loadedKoffi(): LoadedKoffi {
  return { version: koffi.version, paths: likely(required()) ?? likely(linked()) ?? linked() };
}

/** By their name; a bundler may have made up another one. */
function likely(paths: readonly string[]): readonly string[] | undefined {
  const named = paths.filter(path => basename(path).includes('koffi') || path.includes('@koromix'));
  return named.length === 0 ? undefined : named;
}

/** What was loaded by `require`, in this thread. */
function required(): string[] {
  const { _cache: cache = {} } = Module as unknown as { readonly _cache?: Readonly<Record<string, unknown>> };
  return Object.keys(cache).filter(isNative);
}

/** What the process has loaded in any way; to find it out takes tens of ms. */
function linked(): string[] {
  const { sharedObjects = [] } = process.report.getReport() as { readonly sharedObjects?: readonly string[] };
  return sharedObjects.filter(isNative);
}

function isNative(path: string): boolean {
  return path.endsWith('.node');
}
