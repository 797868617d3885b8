export const SLOTS = 128;

/** A command that makes no sense; nothing was done. */
export class BadCommand extends Error {}

/** Reads a command's fields in order. */
export class Fields {
  readonly #fields: readonly string[];
  #next = 0;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  word(): string {
    const field = this.#fields[this.#next++];
    if (field === undefined || field === '') throw new BadCommand(`field ${this.#next} is missing`);
    return field;
  }

  text(): string {
    const word = this.word();
    try {
      return decodeURIComponent(word);
    } catch {
      throw new BadCommand(`field ${this.#next} is not percent-encoded UTF-8`);
    }
  }

  integer(): number {
    return toInteger(this.word());
  }

  optionalInteger(): number | undefined {
    return this.#next < this.#fields.length ? this.integer() : undefined;
  }

  flag(): boolean {
    const flag = this.integer();
    if (flag !== 0 && flag !== 1) throw new BadCommand(`field ${this.#next} must be 0 or 1`);
    return flag === 1;
  }

  slot(): number {
    return toSlot(this.integer());
  }

  /** The remaining fields, as slots. */
  rest(): number[] {
    return this.#fields.slice(this.#next).map(field => toSlot(toInteger(field)));
  }

  /** The remaining fields, as `<key>=<integer>`. */
  keys(): Map<string, number> {
    return new Map(this.#fields.slice(this.#next).map(field => {
      const [key = '', value = ''] = field.split('=');
      return [key, toInteger(value)];
    }));
  }
}

function toInteger(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new BadCommand(`${text} is not a number`);
  return Number(text);
}

function toSlot(number: number): number {
  if (number < 0 || number >= SLOTS) throw new BadCommand(`${number} is not a slot`);
  return number;
}
