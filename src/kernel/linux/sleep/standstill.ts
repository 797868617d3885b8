/** For so long, in ms, who only tries takes a thread in a section for one that goes on: longer than a thread mostly waits for its turn on a processor. Then the try has failed. */
export const STANDSTILL = 50;
