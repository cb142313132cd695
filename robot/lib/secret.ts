import { inspect } from "node:util";

const SHOWN = "[secret]";

/** Who must know a value before anyone can use it: the redactor of the run. */
export interface Enrolment {
  enrol(value: string, name: string): void;
}

/**
 * A password, token or key that can be handed around without being seen: printed, logged, joined into a text or turned into
 * JSON it is `[secret]`. Reading one enrols it with the redactor, so nothing that is recorded afterwards can hold it.
 */
export class Secret {
  /** What people call it, for example `portal password`. */
  readonly name: string;
  readonly #value: string;

  private constructor(value: string, name: string) {
    this.#value = value;
    this.name = name;
  }

  /**
   * The only way to make one: first the redactor learns the value, then a person may hold it.
   * @throws RangeError for an empty value, which would only be noticed as a rejected sign-in
   */
  static read(value: string, redactor: Enrolment, name: string): Secret {
    if (value === "") throw new RangeError(`The secret "${name}" is empty.`);
    redactor.enrol(value, name);
    return new Secret(value, name);
  }

  /** The value itself. Only for the one function that types secrets into a page, and for clients of protocols (mail, store). */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
