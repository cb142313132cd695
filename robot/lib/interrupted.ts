/** The process is ending: the step is not finished and will be done again by the process that goes on. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
