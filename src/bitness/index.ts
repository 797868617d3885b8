export { SharedMemory, type SharedMemoryOptions } from './shared-memory.js';
