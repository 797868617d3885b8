import koffi from 'koffi';
import { expect, test } from 'vitest';
import { fromHandle, Timer } from 'waitable';
import { describeHandle } from 'waitable/bitness';
import { PATIENCE } from '../support/patience.js';

const CREATE_WAITABLE_TIMER_HIGH_RESOLUTION = 2;
const TIMER_ALL_ACCESS = 0x1f0003;

test('a timer of high resolution that another library has made is a timer', () => {
  const CreateWaitableTimerExW: (attributes: number, name: null, flags: number, access: number) => number =
    koffi.load('kernel32.dll').func('__stdcall', 'CreateWaitableTimerExW', 'intptr', ['intptr', 'str16', 'uint32', 'uint32']);
  const handle = CreateWaitableTimerExW(0, null, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, TIMER_ALL_ACCESS);
  expect(describeHandle(handle).kind).toBe('timer');
  using timer = fromHandle(Timer, handle, { adopt: true });
  timer.set(1);
  expect(timer.waitSync(PATIENCE).status).toBe('signaled');
});
