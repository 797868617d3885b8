import { UnsupportedPlatformError } from 'waitable';
import { PeerEndedError } from '../peers/peer.js';
import { CLASS_NOT_REGISTERED } from '../peers/transports/transport.js';
import type { TechniqueReport } from '../report/technique-report.js';
import { notRun, reportOf } from './results.js';
import { NotHereError, ownDirection, TechniqueContext } from './technique-context.js';
import type { Technique } from './technique.js';

/** Whatever has a limit of its own ends within this many times the patience of the context. */
const ALLOWANCE = 2;

/** Uses a technique from this Node, towards peers of the other bitness. */
export async function runHere(technique: Technique, seconds: number, signal?: AbortSignal): Promise<TechniqueReport> {
  await using context = new TechniqueContext(technique.name, seconds, signal);
  const alarm = setTimeout(() => {
    context.check('it comes to its end in time', false, `not within ${ALLOWANCE * context.patience / 1000} s`);
    void context.killPeers();
  }, ALLOWANCE * context.patience);
  try {
    await technique.run(context);
  } catch (error) {
    // That this system has it not shows at the first use, or never.
    const lack = error instanceof NotHereError || context.results.operations === 0 ? whyNotHere(error) : undefined;
    if (lack !== undefined) return notRun(technique, ownDirection, lack);
    context.check('nothing fails', false, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  } finally {
    clearTimeout(alarm);
  }
  return reportOf(technique, ownDirection, context.results);
}

function whyNotHere(error: unknown): string | undefined {
  if (error instanceof NotHereError) return error.message;
  if (error instanceof UnsupportedPlatformError) return reasonOf(error);
  if (error instanceof PeerEndedError && error.message.includes(CLASS_NOT_REGISTERED)) {
    return `COM looks for no classes where this process may register one: ${CLASS_NOT_REGISTERED}`;
  }
  return undefined;
}

/** In the same words whichever program was to be launched. */
function reasonOf({ message, objectName }: UnsupportedPlatformError): string {
  return message.replace(` on process ${JSON.stringify(objectName)}`, '');
}
