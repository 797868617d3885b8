import koffi from 'koffi';

/** Refuses what Electron and other runtimes refuse: memory of the system as an ArrayBuffer. */
koffi.view = () => {
  throw new Error('External buffers are not allowed');
};
