/** Entry point of the process that fills the table of objects: says what is not as it should be. */
import { Mutex, SyncError } from 'waitable';

const KEPT = 100;

const kept = Array.from({ length: KEPT }, (_, index) => Mutex.create(`kept ${index}`));
const refusal = fillUp();
console.log(complaint() ?? 'as it should');
process.exit();

function fillUp(): unknown {
  try {
    for (;;) kept.push(Mutex.create());
  } catch (error) {
    return error;
  }
}

function complaint(): string | undefined {
  if (!(refusal instanceof SyncError) || refusal.code !== 'ERROR_NO_SYSTEM_RESOURCES') return `after ${kept.length} objects: ${String(refusal)}`;
  for (const mutex of kept.slice(0, KEPT)) {
    if (mutex.waitSync(0).status !== 'signaled') return `mutex ${mutex.name} is not free`;
    mutex.release();
  }
  kept.pop()?.close();
  return Mutex.create('in its place').createdNew ? undefined : 'there is no place where one was closed';
}
