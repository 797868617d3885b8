/** Entry point of a process that tells its parent by how many bytes it grows when its first wait thread starts. */
import { Event } from 'waitable';

const before = process.memoryUsage.rss();
const event = Event.create();
const wait = event.wait();
event.set();
await wait;
process.send?.(process.memoryUsage.rss() - before, () => process.exit(0));
