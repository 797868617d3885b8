export { default as PQueue } from 'p-queue';
