/* Names of objects. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Of the canonical name, in which `Local\` is written out. False for what is no name. */
bool digest_of(const uint16_t *name, uint32_t digest[8]);
