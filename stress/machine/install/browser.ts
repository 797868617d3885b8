import { aptInstall, hasApt, installCommandLine, isRoot } from './apt.js';
import { findCommand } from '../command.js';
import { announce } from '../setup-error.js';
import { carryOut } from '../setup-steps.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;
const PACKAGES = ['chromium'];

/** A Chromium, which the tests open the report's page in. */
export function findBrowser(): string | undefined {
  return NAMES.map(name => findCommand(name)).find(found => found !== undefined);
}

/** Installs one where that is possible. Without it, nothing but those tests is left out. */
export async function prepareBrowser(): Promise<void> {
  if (findBrowser() !== undefined || !isRoot() || !hasApt()) return;
  await carryOut([{
    isDone: () => findBrowser() !== undefined,
    perform: async () => {
      announce('installing Chromium, for the tests of the report\'s page');
      await aptInstall(PACKAGES).catch(() => undefined); // that it is not there is said in the end
    },
  }]);
}

/** One line, or none if there is a browser. */
export function whyNoBrowser(): readonly string[] {
  if (findBrowser() !== undefined) return [];
  return [`the tests of the report's page: this machine lacks Chromium; to have them run, ${hasApt() ? `type: ${installCommandLine(PACKAGES)}` : 'install it'}`];
}
