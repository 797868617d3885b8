import { expect, test } from 'vitest';
import { launch } from '../../../src/kernel/win32/launch.js';
import type { ProcessFunctions } from '../../../src/kernel/win32/process-bindings.js';
import type { LaunchOrder } from '../../../src/kernel/processes.js';

const CREATE_NO_WINDOW = 0x8000000;
const ORDER: LaunchOrder = {
  method: 'CreateProcess', file: 'x.exe', args: [], directory: undefined, environment: undefined, inherit: [], standardStreams: 'inherit', hidden: true,
};

/** Windows as far as a launch sees it. */
class Windows {
  readonly started: { commandLine: string; flags: number }[] = [];
  readonly #streamIsConsole: boolean;

  constructor(streamIsConsole = false) {
    this.#streamIsConsole = streamIsConsole;
  }

  launch(order: Partial<LaunchOrder>): ReturnType<typeof launch> {
    return launch({ ...ORDER, ...order }, this.#functions(), () => () => 1);
  }

  #functions(): ProcessFunctions {
    const known: Partial<ProcessFunctions> = {
      GetStdHandle: () => 4,
      CreateFileW: () => 8,
      GetConsoleMode: handle => this.#streamIsConsole && handle === 4 ? 1 : 0,
      DuplicateHandle: (_, source, _process, made) => {
        made[0] = source;
        return 1;
      },
      CloseHandle: () => 1,
      InitializeProcThreadAttributeList: (list, _count, _flags, bytes) => {
        bytes[0] = 64;
        return list === null ? 0 : 1;
      },
      UpdateProcThreadAttribute: () => 1,
      DeleteProcThreadAttributeList: () => undefined,
      CreateProcessW: (_file, commandLine, _process, _thread, _inherit, flags, _environment, _directory, _startup, information) => {
        this.started.push({ commandLine: String.fromCharCode(...commandLine).replace('\0', ''), flags });
        information[0] = 12;
        return 1;
      },
      GetLastError: () => 0,
    };
    return known as ProcessFunctions;
  }
}

test('a child that is given the streams of a console shares it: in one of its own they would lead nowhere', () => {
  const [terminal, pipes] = [new Windows(true), new Windows(false)];
  for (const windows of [terminal, pipes]) for (const standardStreams of ['inherit', 'ignore'] as const) expect(windows.launch({ standardStreams })).toBe(12);
  expect(terminal.started.map(({ flags }) => flags & CREATE_NO_WINDOW)).toEqual([0, CREATE_NO_WINDOW]);
  expect(pipes.started.map(({ flags }) => flags & CREATE_NO_WINDOW)).toEqual([CREATE_NO_WINDOW, CREATE_NO_WINDOW]);
});

test('a relative path is the child\'s, an absolute one and a name without a folder stay as they are', () => {
  const windows = new Windows();
  for (const file of ['.\\x.exe', 'below/x.exe', '\\x.exe', 'D:\\x.exe', 'x.exe']) windows.launch({ file, directory: 'C:\\there' });
  expect(windows.started.map(({ commandLine }) => commandLine.trim())).toEqual(['"C:\\there\\x.exe"', '"C:\\there\\below\\x.exe"', '"C:\\x.exe"', '"D:\\x.exe"', '"x.exe"']);
});

test('a command line as long as Windows takes is passed on, and a longer one is not', () => {
  const windows = new Windows();
  const longest = 32_766 - '"x.exe" '.length;
  expect(windows.launch({ args: ['x'.repeat(longest)] })).toBe(12);
  for (const method of ['CreateProcess', 'ShellExecute'] as const) {
    expect(windows.launch({ method, args: ['x'.repeat(longest + 1)] })).toMatchObject({ errno: 206, reason: expect.stringContaining('32766') as string });
  }
  expect(windows.started).toHaveLength(1);
});
