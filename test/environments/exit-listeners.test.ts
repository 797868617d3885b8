import { expect, test } from 'vitest';
import { makeProject } from './support/project.js';

const COPIES = Array.from({ length: 12 }, (_, number) => `waitable-${number}`);

const PROGRAM = `
process.on('warning', warning => console.log(String(warning)));
const before = process.listenerCount('exit');
for (const copy of ${JSON.stringify(COPIES)}) {
  const { Event } = await import(copy);
  const event = Event.create();
  const wait = event.wait();
  event.set();
  await wait;
  event.wait(); // pends at the end
}
console.log(process.listenerCount('exit') - before);
process.exit(7);
`;

test('many copies of the library in one thread listen to its exit once, and it ends at once with waits pending in each', async () => {
  await using project = makeProject({ files: { 'main.js': PROGRAM }, library: false });
  for (const name of COPIES) project.installLibrary('.', { name });
  expect(await project.node('main.js')).toEqual({ code: 7, signal: null, stdout: '1\n', stderr: '' });
});
