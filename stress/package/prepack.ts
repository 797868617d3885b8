/** Run by npm before it packs, on the built project: puts into `dist` what the stress run needs in a package, where nothing is installed or compiled any more. */
import { SetupError } from '../machine/setup-error.js';
import { bundleLibraries } from './bundle-libraries.js';
import { checkImports } from './check-imports.js';
import { prebuildHelpers } from './prebuild-helpers.js';

try {
  await bundleLibraries();
  await prebuildHelpers();
  checkImports();
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exitCode = 1;
}
