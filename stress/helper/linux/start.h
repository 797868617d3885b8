/* Where a program without a C library begins. */
#pragma once
#include <stdnoreturn.h>

/* The stack as the kernel has filled it: the arguments' number, the arguments, NULL, the environment, NULL, the auxiliary vector. */
noreturn void start(char **stack);

/* NULL where there is none of that name. */
const char *environment_variable(const char *name);

/* 0 where the kernel gives none of that type. */
unsigned long auxiliary_value(unsigned long type);

/* Once, before any system call. */
void prepare_calls(void);
