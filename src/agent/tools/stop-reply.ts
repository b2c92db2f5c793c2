/**
 * Answers a call without a reply to it: a tool returns (or throws) one, the model is told its output, and nobody speaks
 * of it. Where other tools of the same response want a reply, there is one.
 */
export class StopReply {
  /** What the model is told; as a tool's result. Default 'Done.' */
  readonly output: unknown;

  constructor(output: unknown = 'Done.') {
    this.output = output;
  }
}
