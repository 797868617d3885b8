import { performance } from 'node:perf_hooks';
import { clearTimeout, setInterval, setTimeout } from 'node:timers';

/*
 * What the library needs of the runtime, bound when it is loaded. Test frameworks and DOM environments replace clocks and timers at any time, and a thread that blocks until a frozen clock moves on blocks for
 * ever. So they come from the modules of Node and not from `globalThis`; and into constants, since a bundler that makes CommonJS looks an import up anew at each use, where fake timers patch the modules too.
 */

/** In ms since this thread began, with a fraction; never goes back. From the prototype: who spies on `performance.now` puts a property on the object itself. */
export const milliseconds: () => number = clock().bind(performance);

function clock(): () => number {
  const own: unknown = Reflect.get(Object.getPrototypeOf(performance) as object, 'now');
  return typeof own === 'function' ? own as () => number : Reflect.get(performance, 'now');
}

export const startTimer = setTimeout;
export const startInterval = setInterval;
export const stopTimer = clearTimeout;
