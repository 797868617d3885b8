import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { launch, systemDirectory, type Bitness } from 'waitable/bitness';
import { PATIENCE, type Site } from './technique-context.js';
import type { Technique } from './technique.js';

const INTERPRETER = 'cmd.exe';

export const sysnative: Technique = {
  name: 'sysnative',
  summary: 'System32, SysWOW64 and SysNative are looked up as this process sees them; the system\'s own program of the other bitness is started from there',
  unit: 'launches',
  async run(site) {
    const folders = checkFolders(site);
    await site.repeat(async round => {
      await interpret(site, join(folders.other, INTERPRETER), site.otherBitness, round % 256);
      // By its own name, System32 is always the folder of the process's own bitness.
      await interpret(site, join(dirname(folders.own), 'System32', INTERPRETER), site.bitness, round % 256);
    });
  },
};

function checkFolders(site: Site): { readonly own: string; readonly other: string } {
  const folders = { own: systemDirectory(site.bitness), other: systemDirectory(site.otherBitness) };
  const from32 = site.bitness === 32;
  site.checkEqual('the folder of the own bitness', basename(folders.own).toLowerCase(), from32 ? 'syswow64' : 'system32');
  site.checkEqual('the folder of the other bitness', basename(folders.other).toLowerCase(), from32 ? 'sysnative' : 'syswow64');
  site.checkEqual('SysNative is there for 32-bit processes alone', existsSync(join(dirname(folders.own), 'SysNative', INTERPRETER)), from32);
  return folders;
}

async function interpret(site: Site, program: string, bitness: Bitness, exitCode: number): Promise<void> {
  using child = launch([program, '/d', '/c', `exit ${exitCode}`]);
  site.checkEqual(`${program} is of ${bitness} bits`, child.bitness, bitness);
  site.checkEqual(`${program} has ended`, (await child.wait({ timeout: PATIENCE })).status, 'signaled');
  site.checkEqual(`${program} has run`, child.exitCode, exitCode);
  site.did(1);
}
