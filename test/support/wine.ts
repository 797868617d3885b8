import koffi from 'koffi';

/** Whether this is Wine rather than Windows: for the few things that it does wrong, and that the library cannot mend. */
export const underWine = exportsWineVersion();

function exportsWineVersion(): boolean {
  try {
    koffi.load('ntdll.dll').func('wine_get_version', 'str', []);
    return true;
  } catch {
    return false;
  }
}
