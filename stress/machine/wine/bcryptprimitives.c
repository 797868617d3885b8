/* bcryptprimitives.dll for Wine before 9, which has none: Go and Rust programs (esbuild, rolldown) do not start without it. */
#include <windows.h>

/* RtlGenRandom, under the name that advapi32 exports it by. */
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG count);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T count) {
  const SIZE_T largest = 0x40000000;
  while (count > 0) {
    ULONG part = (ULONG)(count < largest ? count : largest);
    if (!SystemFunction036(buffer, part)) return FALSE;
    buffer += part;
    count -= part;
  }
  return TRUE;
}
