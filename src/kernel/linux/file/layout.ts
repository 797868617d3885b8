/**
 * The one layout of the shared file, for 32-bit and 64-bit processes and for every program that takes part, in whatever language.
 *
 * All fields are fixed-width, little-endian and naturally aligned. An *index* in a field is stored as index + 1, so that zeroed memory means "none".
 * No number from this file is used as an index before it has been checked against the capacities below.
 *
 * ```text
 * offset        what                          each        how many
 * 0             header                        4,096       1
 * 4,096         clients: threads that take    64          4,096
 *               part
 * 266,240       buckets: the hash table of    4           65,536
 *               names
 * 528,384       references: open handles      32          524,288
 * 17,305,600    objects                       128         262,144      object 0 is the namespace mutex
 * 50,860,032    end
 * ```
 *
 * The file has its full length from the start, with holes. References and objects are backed by memory from the first to `…_BACKED` (see the header), and grow by
 * `fallocate`, so that a full disk is an error of a create and not a SIGBUS of everybody.
 *
 * # Who may write what
 *
 * The **namespace mutex** (object 0, in this text N) guards the structure: clients, buckets, references, free lists, and every field of an object but those that the
 * table of state words below gives to others. Whoever gets it abandoned repairs everything (see `repair.ts`) before anything else.
 *
 * # Header
 *
 * | offset | field           | meaning |
 * |--------|-----------------|---------|
 * | 0      | MAGIC           | 0x4c425457, "WTBL"; written last when the file is made |
 * | 4      | VERSION         | of this layout; another one is refused |
 * | 8      | PID_NAMESPACE   | low 32 bits of the inode of /proc/self/ns/pid: thread ids mean nothing elsewhere |
 * | 16     | CLIENTS_USED    | clients from here on have never been used |
 * | 20     | REFERENCES_USED | the same for references |
 * | 24     | OBJECTS_USED    | the same for objects |
 * | 28     | REFERENCES_BACKED | how many references have memory |
 * | 32     | OBJECTS_BACKED  | how many objects have |
 * | 36     | FREE_REFERENCE  | first of the free list (index + 1), linked by NEXT_FREE |
 * | 40     | FREE_OBJECT     | first of the free list (index + 1), linked by CHAIN |
 * | 44     | ORPHANS         | objects of kind ORPHAN |
 * | 48     | WAIT_ALL        | 2 while a wait-all marks objects, 1 while it takes what it has marked, else 0; see BUSY |
 * | 52     | SEQUENCE        | what WAITERS is to one object, for waits on many where futex_waitv is missing |
 * | 56     | CHANGING        | 1 while the structure is changed: its repair takes long where there are many objects, and other deaths need none |
 * | 60     | REPAIRS         | how often the namespace was repaired; for tests and people |
 * | 64     | LOOKED          | when somebody last looked for threads that have ended unmarked, in ms of the monotonic clock; see `client-table.ts` |
 * | 68     | LOOK_NEXT       | the client that the next such look begins with |
 * | 1,024  | HEADS           | 96 robust list heads for threads that cannot use the C library's, 32 bytes each: at 0 the thread's id (taken by CAS from 0, or from that of a thread that is no more), at 8 the head |
 *
 * # Client: a thread that takes part
 *
 * | offset | field | meaning |
 * |--------|-------|---------|
 * | 0      | LIFE  | the thread's id while it lives: a robust futex that the kernel marks OWNER_DIED when the thread ends, in whatever way. 0: a free slot |
 * | 4      | PID   | its process |
 * | 8      | START | when the thread began, see `thread-identity.ts`; 0: not known |
 * | 12     | TIME_NAMESPACE | where START is to be compared; 0: none |
 * | 20, 24, 32 | robust list entry, as in an object |
 *
 * LIFE stands last in the thread's robust list, so when the kernel has marked it, it has marked all mutexes of the thread before, but for one that the thread was just taking or releasing
 * (the kernel looks at that one at the very end).
 *
 * # Reference: an open handle
 *
 * | offset | field      | meaning |
 * |--------|------------|---------|
 * | 0      | OBJECT     | what it refers to (index + 1); 0: free. Written last when it is made, first when it is closed |
 * | 4      | CLIENT     | the client (a bare index) that closes it at the latest when it dies |
 * | 8      | ACCESS     | the rights, as Win32's access mask |
 * | 12     | FLAGS      | 1: inheritable (without effect) |
 * | 16     | GENERATION | counts the uses of this slot; modulo 2,047, and 1 more, part of the handle's value |
 * | 20     | NEXT_FREE  | free list (index + 1) |
 * | 24     | OWNER_PID  | the process in which the handle means something |
 *
 * # Object
 *
 * | offset | field      | meaning |
 * |--------|------------|---------|
 * | 0      | WORD       | the state, see below; a futex |
 * | 4      | KIND       | see `KIND_…`; 0: free. Written last when an object is made, first when it is freed |
 * | 8      | VALUE      | mutex: how often its owner holds it, or OF_TOKEN (written by the owner). Semaphore: the maximum |
 * | 12     | WAITERS    | odd if some thread may sleep, and the futex that it sleeps on; see "Sleeping" |
 * | 16     | RESERVED   | for whom the next signal is kept, see `shared-object.ts`: bits 0 … 12 a client (index + 1), bits 13 … 31 since when it has waited, in ms of the monotonic clock; 0: nobody |
 * | 20     | robust list of a 32-bit owner: next (32-bit address) |
 * | 24     | robust list of a 64-bit owner: previous (64-bit address) |
 * | 32     | robust list of a 64-bit owner: next (64-bit address) |
 * | 40     | REFERENCES | how many references there are |
 * | 44     | CHAIN      | next object in the same bucket, or in the free list (index + 1) |
 * | 48     | FLAGS      | 1: it has a name |
 * | 52     | GENERATION | counts the uses of this slot; part of the name of a section's file |
 * | 56     | QUANTITY   | float64. Timer: when it is due, in ms of CLOCK_MONOTONIC, or since 1970 if ABSOLUTE. Section: its length in bytes. Process: its start, see `process-stat.ts` |
 * | 64     | DIGEST     | 32 bytes: SHA-256 of the canonical name (with its prefix `Local\` or `Global\`) in UTF-16LE |
 * | 96     | PERIOD     | timer: in ms, 0 for once. Process: its id |
 * | 100    | KEPT       | the client (index + 1) for which it was seen kept although it was free, and since when; as RESERVED. It means nothing if RESERVED has another client |
 * | 104    | NEXT       | who comes to be in RESERVED when that one's turn ends; as RESERVED |
 *
 * A name's bucket is the first 32 bits of its digest, modulo the number of buckets.
 *
 * # State words
 *
 * Mutex, and LIFE of a client: the kernel's robust futex.
 *
 * | bits   | name       | set by, when | cleared by |
 * |--------|------------|--------------|------------|
 * | 0 … 29 | OWNER      | the taker's CAS from 0: its thread id. ALL_ONES: a wait-all has marked the free mutex (under N) | the owner's release; the marker (under N); the kernel on the owner's death |
 * | 30     | OWNER_DIED | the kernel alone, on the owner's death | the next taker |
 * | 31     | MUTEX_WAITERS | whoever is about to sleep on a mutex that is owned | the releaser, who then wakes all; the kernel keeps it and wakes one |
 *
 * Semaphore and event.
 *
 * | bits   | name       | set by, when | cleared by |
 * |--------|------------|--------------|------------|
 * | 0 … 30 | COUNT      | semaphore: permits left. Event: 1 if it is set. Changed by CAS. While BUSY is set, others leave the marker what it takes: see `counter.ts` | |
 * | 31     | BUSY       | a wait-all, of a signalled object (under N) | the marker (under N), or the repair |
 *
 * Timer; all changes under N, but that LATCHED may be set by a CAS.
 *
 * | bits   | name       | meaning |
 * |--------|------------|---------|
 * | 0      | LATCHED    | signalled, whatever the time. Set by cancel, and by who finds a timer due that is ABSOLUTE: a signal stays until it is taken, though the clock be set back |
 * | 1      | ARMED      | signalled from QUANTITY on |
 * | 2      | ABSOLUTE   | QUANTITY counts from 1970 and follows the system's clock |
 * | 3 … 30 | VERSION    | changed by each set, cancel and take: what was due before is so no more |
 * | 31     | BUSY       | as above |
 *
 * Process and section: 0.
 *
 * # Sleeping
 *
 * On a mutex that is owned, a thread sleeps on WORD. On anything else, and on a mutex that is free but kept for somebody else (RESERVED), it sleeps on WAITERS, a count that is odd while somebody may sleep: a sleeper makes it odd (an atomic or), then looks at WORD, and sleeps while
 * WAITERS is that odd number. A signaller changes WORD, and if it finds WAITERS odd, makes it even by adding 1 (a CAS; if that fails, somebody else does it and wakes), and wakes all who sleep on it.
 * The two write and read WORD and WAITERS in opposite orders, all sequentially consistent, so one of them sees the other.
 * (WORD itself would not do: signalled and taken again between the look and the sleep, it is what it was, and the sleeper would sleep with nobody to wake it. `test/model/count.pml` says so.)
 * SEQUENCE works in the same way for all objects of the file together.
 *
 * # Plain accesses
 *
 * Words by which threads agree are read and written by `Atomics`, which is sequentially consistent. These are the accesses
 * that are not, and why they need not be, on arm64 either, where a plain store or load may be seen by others in another order
 * than that of the program. Two things hold everywhere. A thread that is killed has executed its instructions in their order
 * up to one of them. And who comes upon what it left has found the mark of its death by an atomic operation, or by a call of
 * the system.
 *
 * | what                         | where                | why it is enough |
 * |------------------------------|----------------------|------------------|
 * | any field, under N           | `tables/`, `repair.ts`, `consumeTimer`, `named-objects.ts`, `linux-processes.ts` | N is taken and let go by atomic operations: what its holder has stored, the next one sees |
 * | fields of a new object       | `ObjectTable.make`, `Fill` | before KIND, and OBJECT of its first reference, which are stored atomically and last |
 * | fields of a new reference    | `HandleTable.open`    | before OBJECT, the same |
 * | the same, to read them       | `HandleTable.resolve`, `LinuxKernel` (KIND, GENERATION, a process's QUANTITY and PERIOD) | after OBJECT has been loaded atomically; none of them changes before the reference is closed |
 * | REFERENCES_USED              | `HandleTable.resolve` | a handle comes from this thread, or by a message of the system, which is later than the count |
 * | OBJECT, GENERATION of a reference | `stands`        | the thread's own handles are closed by itself. Of another's, which may be closed at any time, an old value is as if it had looked a moment before: see `checkThere` |
 * | KIND, GENERATION of an object | `checkThere`        | after a sleep, a call of the system. It may be freed a moment later all the same |
 * | a semaphore's VALUE          | `CountObject.release` | never changed |
 * | a mutex's VALUE              | `MutexObject`        | its owner's alone: from its CAS or mark to its exchange, which are atomic |
 * | OWNER in a mutex's WORD      | `ownedByThisThread`  | a thread's id is put there by itself alone, and nobody else's number is taken for it |
 * | RESERVED, whether it is 0    | the fast paths of takes | an old value costs somebody his turn, which he asks for again |
 * | WORD of a timer              | `set`, `cancel`, `consumeTimer` | under N. A LATCHED that is set meanwhile is of the signal that is used up or set anew |
 * | QUANTITY of a timer          | `consumeTimer`       | before WORD, which is stored atomically with a new VERSION; who reads without N reads WORD, halves and WORD atomically. `set` writes the halves atomically, since WORD is stored before them as well |
 * | lists: next, previous, head  | `RobustList`         | read by the thread itself, and by the system when that thread ends, which is the same processor's order |
 * | the header of a new file     | `SharedFile`         | by calls of the system, under the exclusive lock of the file |
 */

export const MAGIC = 0x4c425457;
export const VERSION = 4;

export const CLIENT_CAPACITY = 4096;
export const BUCKETS = 65_536;
export const REFERENCE_CAPACITY = 524_288;
export const OBJECT_CAPACITY = 262_144;

export const CLIENT_BYTES = 64;
export const REFERENCE_BYTES = 32;
export const OBJECT_BYTES = 128;

export const CLIENTS_AT = 4096;
export const BUCKETS_AT = CLIENTS_AT + CLIENT_CAPACITY * CLIENT_BYTES;
export const REFERENCES_AT = BUCKETS_AT + BUCKETS * 4;
export const OBJECTS_AT = REFERENCES_AT + REFERENCE_CAPACITY * REFERENCE_BYTES;
export const FILE_BYTES = OBJECTS_AT + OBJECT_CAPACITY * OBJECT_BYTES;

/** Fields are numbered in 32-bit words: of the file for the header, of the record for the others. */
export const HEADER = {
  MAGIC: 0, VERSION: 1, PID_NAMESPACE: 2, CLIENTS_USED: 4, REFERENCES_USED: 5, OBJECTS_USED: 6, REFERENCES_BACKED: 7, OBJECTS_BACKED: 8,
  FREE_REFERENCE: 9, FREE_OBJECT: 10, ORPHANS: 11, WAIT_ALL: 12, SEQUENCE: 13, CHANGING: 14, REPAIRS: 15,
  LOOKED: 16, LOOK_NEXT: 17,
} as const;
export const CLIENT = { LIFE: 0, PID: 1, START: 2, TIME_NAMESPACE: 3 } as const;

export const HEADS_AT = 1024;
export const HEADS = 96;
export const HEAD_SLOT_BYTES = 32;
/** Of the head within its slot. */
export const HEAD_OFFSET = 8;
export const REFERENCE = { OBJECT: 0, CLIENT: 1, ACCESS: 2, FLAGS: 3, GENERATION: 4, NEXT_FREE: 5, OWNER_PID: 6 } as const;
export const OBJECT = {
  WORD: 0, KIND: 1, VALUE: 2, WAITERS: 3, RESERVED: 4, REFERENCES: 10, CHAIN: 11, FLAGS: 12, GENERATION: 13, QUANTITY: 14, DIGEST: 16, PERIOD: 24, KEPT: 25, NEXT: 26,
} as const;
export const DIGEST_WORDS = 8;

/** Values of WAIT_ALL. */
export const TAKING = 1;
export const MARKING = 2;

export const KIND_FREE = 0;
export const KIND_MUTEX = 1;
export const KIND_SEMAPHORE = 2;
export const KIND_AUTO_EVENT = 3;
export const KIND_MANUAL_EVENT = 4;
export const KIND_AUTO_TIMER = 5;
export const KIND_MANUAL_TIMER = 6;
export const KIND_PROCESS = 7;
export const KIND_SECTION = 8;
/** A mutex that nobody has open any more, but whose owner lives: it stands in that thread's robust list, and so cannot be used again. */
export const KIND_ORPHAN = 9;

/** The place of a record's first word, as an index into the file's 32-bit words. */
export function clientPlace(index: number): number {
  return (CLIENTS_AT + index * CLIENT_BYTES) / 4;
}

export function referencePlace(index: number): number {
  return (REFERENCES_AT + index * REFERENCE_BYTES) / 4;
}

export function objectPlace(index: number): number {
  return (OBJECTS_AT + index * OBJECT_BYTES) / 4;
}

/** Whether the word of a robust lock can be at that offset of the file, in bytes: a client's LIFE, or an object's WORD. */
export function isLockAt(offset: number): boolean {
  if (offset >= OBJECTS_AT) return (offset - OBJECTS_AT) % OBJECT_BYTES === 0;
  return offset >= CLIENTS_AT && offset < CLIENTS_AT + CLIENT_CAPACITY * CLIENT_BYTES && (offset - CLIENTS_AT) % CLIENT_BYTES === 0;
}

/** Whether that lock, of this file's words, is the thread's, and stays in its place until the thread is done with it. */
export function isLockOf(words: Int32Array, offset: number, thread: number): boolean {
  if (!isLockAt(offset) || ((words[offset / 4] ?? 0) & OWNER) !== thread) return false;
  const kind = words[offset / 4 + OBJECT.KIND];
  return offset <= OBJECTS_AT || kind === KIND_MUTEX || kind === KIND_ORPHAN;
}

export const NAMED = 1;
export const INHERITABLE = 1;

export const OWNER = 0x3fffffff;
/** Who "owns" a mutex that a wait-all has marked: no thread has this id. */
export const ALL_ONES = OWNER;
export const OWNER_DIED = 0x40000000;
export const MUTEX_WAITERS = 0x80000000 | 0;
/** VALUE of a mutex that asynchronous code of its owner's thread holds: the thread is refused it, and one release lets it go. */
export const OF_TOKEN = -1;

export const COUNT = 0x7fffffff;
export const BUSY = 0x80000000 | 0;

export const LATCHED = 1;
export const ARMED = 2;
export const ABSOLUTE = 4;
export const VERSION_STEP = 8;

/** The client in RESERVED and KEPT. */
export const HOLDER_BITS = 13;
export const HOLDER = (1 << HOLDER_BITS) - 1;
/** The time in them goes round within so many ms, almost nine minutes. */
export const MOMENTS = 1 << (32 - HOLDER_BITS);

/*
 * A handle: reference index in bits 0 … 18, the reference's GENERATION modulo 2,047, and 1 more, in bits 19 … 29, bit 30 set for the file that all users share. Never 0, never negative.
 */
export const REFERENCE_BITS = 19;
export const GENERATIONS = 2047;
export const SHARED_FILE_BIT = 0x40000000;
