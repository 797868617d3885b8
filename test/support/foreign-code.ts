/** What other code of the same process does with handles behind the library's back, such as a native library that the program uses too. */
export interface Foreign {
  /** A handle of the other code's own, to the same object. */
  readonly duplicate: (handle: number) => number;
  /** False when it was no handle. */
  readonly closeHandle: (handle: number) => boolean;
  /** `'none'` when it is no handle. */
  readonly inheritance: (handle: number) => 'inheritable' | 'private' | 'none';
  /** Whether both are handles to the same object; false too where one of them is no handle at all. */
  readonly sameObject: (first: number, second: number) => boolean;
  /** A new, unnamed event. */
  readonly createEvent: () => number;
  /** A handle to something that the library has no kind for. */
  readonly threadHandle: () => number;
  /** Puts a handle to the same object into another process; gives its value there. */
  readonly duplicateInto: (processId: number, handle: number) => number;
  /** Whom the object's security descriptor lets in, in SDDL's words. The handle needs the right `readControl`. */
  readonly trustees: (handle: number) => string[];
  /** What it grants to everyone, as an access mask. The handle needs the same right. */
  readonly grantedToEveryone: (handle: number) => number;
}
