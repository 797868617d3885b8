import { SCALARS, TEXTS, type LayoutShape, type Placed } from './field-types.js';

/**
 * The structure has no padding but what is written out: on i386 a compiler aligns 64-bit members to 4 bytes, and would place them elsewhere.
 */
export function headerFor(name: string, { placed, begin, byteLength, fingerprint }: LayoutShape): string {
  const macro = name.toUpperCase();
  const members: string[] = [];
  const checks: string[] = [];
  let end = 0;
  const padTo = (offset: number) => {
    if (offset > end) members.push(`    uint8_t padding_${end}[${offset - end}];`);
  };
  for (const field of placed) {
    padTo(field.offset);
    members.push(`    ${declarationOf(field)};`);
    checks.push(`${macro}_CHECK(offsetof(struct ${name}, ${field.name}) == ${field.offset}, "${field.name} is elsewhere");`);
    end = field.offset + field.byteLength;
  }
  padTo(byteLength);
  return `/* Printed from a layout of shared memory; the same in 32-bit and in 64-bit programs. */
#ifndef ${macro}_LAYOUT
#define ${macro}_LAYOUT
#include <stddef.h>
#include <stdint.h>

/* A section begins with it, as a uint64_t. Whoever finds 0 there puts it there, by a compare-exchange; whoever finds another value has another layout. */
#define ${macro}_FINGERPRINT UINT64_C(0x${fingerprint})
/* Where the structure begins in the section, in bytes. */
#define ${macro}_BEGIN ${begin}

struct ${name} {
${members.join('\n')}
};

#ifdef __cplusplus
#define ${macro}_CHECK(condition, text) static_assert(condition, text)
#elif __STDC_VERSION__ >= 201112L
#define ${macro}_CHECK(condition, text) _Static_assert(condition, text)
#else
#define ${macro}_CHECK(condition, text) extern int ${name}_check[(condition) ? 1 : -1]
#endif
${checks.join('\n')}
${macro}_CHECK(sizeof(struct ${name}) == ${byteLength}, "another size");
#endif
`;
}

function declarationOf({ name, type }: Placed): string {
  if (typeof type === 'string') return `${SCALARS[type].c} ${name}${type === 'offset32' ? ' /* from this member on, in bytes; 0: nothing */' : ''}`;
  return 'array' in type ? `${SCALARS[type.array].c} ${name}[${type.length}]` : `${TEXTS[type.text].c} ${name}[${type.length}]`;
}
