/* The functions that the kernel maps into each process, as a shared library without a file (vdso(7)). */
#pragma once

/* NULL where there is none of that name. */
void *find_in_vdso(const char *name);
