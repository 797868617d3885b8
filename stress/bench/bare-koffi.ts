import { promisify } from 'node:util';
import koffi, { type KoffiFunc } from 'koffi';

/**
 * kernel32 through koffi with nothing in between, declared as the library declares it: what the library's own cost is measured against.
 * Apart from this, only the kernels under `src/` call koffi.
 */
export function bindBareKoffi() {
  const kernel32 = koffi.load('kernel32.dll');
  const WaitForSingleObject = kernel32.func('__stdcall', 'WaitForSingleObject', 'uint32', ['intptr', 'int32']) as KoffiFunc<(handle: number, timeout: number) => number>;
  return {
    WaitForSingleObject,
    /** On a thread of the pool. */
    waitForSingleObjectAsync: promisify(WaitForSingleObject.async),
    ReleaseMutex: kernel32.func('__stdcall', 'ReleaseMutex', 'int32', ['intptr']) as (handle: number) => number,
    WaitForMultipleObjects: kernel32.func('__stdcall', 'WaitForMultipleObjects', 'uint32', ['uint32', 'void *', 'int32', 'int32']) as
      (count: number, handles: Int32Array, all: number, timeout: number) => number,
  };
}

/** Handles as an array that WaitForMultipleObjects reads. */
export function handleArray(handles: readonly number[]): Int32Array {
  const words = koffi.sizeof('intptr') / Int32Array.BYTES_PER_ELEMENT;
  const array = new Int32Array(new ArrayBuffer(handles.length * koffi.sizeof('intptr')));
  handles.forEach((handle, index) => {
    array[index * words] = handle;
    if (words === 2) array[index * words + 1] = handle >> 31;
  });
  return array;
}
