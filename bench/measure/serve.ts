import type { Reply } from '../messages.js';

/** The child's end: says hello, then answers each question with what `answer` gives. Ends when the parent lets go. */
export function serve<Request>(hello: unknown, answer: (request: Request) => unknown): void {
  const send = (reply: Reply) => process.send?.(reply);
  process.on('message', async ({ id, request }: { id: number; request: Request }) => {
    try {
      send({ id, ok: true, value: await answer(request) });
    } catch (thrown) {
      send({ id, ok: false, error: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  });
  process.on('disconnect', () => process.exit(0));
  send({ id: 0, ok: true, value: hello });
}
