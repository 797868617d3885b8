import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { launch, systemDirectory, type Bitness } from 'waitable/bitness';
import { PATIENCE, type TechniqueContext } from './technique-context.js';
import type { Technique } from './technique.js';

const INTERPRETER = 'cmd.exe';

export const sysnative: Technique = {
  name: 'sysnative',
  summary: 'System32, SysWOW64 and SysNative are looked up as this process sees them; the system\'s own program of the other bitness is started from there',
  unit: 'launches',
  async run(context) {
    const folders = checkFolders(context);
    await context.repeat(async round => {
      await interpret(context, join(folders.other, INTERPRETER), context.otherBitness, round % 256);
      // By its own name, System32 is always the folder of the process's own bitness.
      await interpret(context, join(dirname(folders.own), 'System32', INTERPRETER), context.bitness, round % 256);
    });
  },
};

function checkFolders(context: TechniqueContext): { readonly own: string; readonly other: string } {
  const folders = { own: systemDirectory(context.bitness), other: systemDirectory(context.otherBitness) };
  const from32 = context.bitness === 32;
  context.checkEqual('the folder of the own bitness', basename(folders.own).toLowerCase(), from32 ? 'syswow64' : 'system32');
  context.checkEqual('the folder of the other bitness', basename(folders.other).toLowerCase(), from32 ? 'sysnative' : 'syswow64');
  context.checkEqual('SysNative is there for 32-bit processes alone', existsSync(join(dirname(folders.own), 'SysNative', INTERPRETER)), from32);
  return folders;
}

async function interpret(context: TechniqueContext, program: string, bitness: Bitness, exitCode: number): Promise<void> {
  using child = launch([program, '/d', '/c', `exit ${exitCode}`]);
  context.checkEqual(`${program} is of ${bitness} bits`, child.bitness, bitness);
  context.checkEqual(`${program} has ended`, (await child.wait({ timeout: PATIENCE })).status, 'signaled');
  context.checkEqual(`${program} has run`, child.exitCode, exitCode);
  context.did(1);
}
