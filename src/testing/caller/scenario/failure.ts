/** Something that was not as the scenario wants it. */
export interface Failure {
  /** Of the scenario, from 0; absent where the whole call is meant. */
  step?: number;
  /** Of its `expect`, from 0. */
  expectation?: number;
  message: string;
}
