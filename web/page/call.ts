// A worker that answers one question at a time, in the order asked. Whatever ends it (an engine that
// breaks, memory that can't be had, a start or an answer that the browser refuses) is told to whoever
// waits; then there is no worker until a question that may start one. Invariant: a question is either
// answered, or rejected with Ended, unless the page itself closes the worker or it dies without a sign.

export type Reply<A> = { answer: A } | { broken: string };

/** The worker ended; the message says why. */
export class Ended extends Error {}

export class Caller<Q, A> {
  private worker: Worker | null = null;
  private waiting: Promise<unknown> = Promise.resolve();
  private reason = 'the engine was closed';
  private take: (answer: A) => void = () => {}; // of the question that is being answered
  private refuse: (reason: Ended) => void = () => {};

  constructor(private readonly make: () => Worker) {}

  /** Whether there is a worker, which knows what it was told before. */
  get alive(): boolean {
    return this.worker !== null;
  }

  /** `starts`: where there is no worker the question starts one; else it is rejected. */
  ask(question: Q, starts: boolean): Promise<A> {
    const answer = this.waiting.then(() => this.post(question, starts));
    this.waiting = answer.catch(() => undefined);
    return answer;
  }

  private post(question: Q, starts: boolean): Promise<A> {
    return new Promise((resolve, reject) => {
      if (!this.worker && !starts) return reject(new Ended(this.reason));
      this.take = resolve;
      this.refuse = reject;
      try {
        this.worker ??= this.start();
        this.worker.postMessage(question);
      } catch (error) {
        this.end(error instanceof Error ? error.message : String(error));
      }
    });
  }

  private start(): Worker {
    const worker = this.make();
    worker.addEventListener('message', ({ data }: MessageEvent<Reply<A>>) => ('broken' in data ? this.end(data.broken) : this.take(data.answer)));
    worker.addEventListener('error', (event) => {
      event.preventDefault(); // told to whoever waits, not to the console
      this.end(event.message ?? ''); // none where the worker couldn't be started
    });
    worker.addEventListener('messageerror', () => this.end('its answer could not be read'));
    return worker;
  }

  private end(reason: string): void {
    this.close();
    this.reason = reason ? `the engine stopped: ${reason}` : 'the engine stopped';
    this.refuse(new Ended(this.reason));
  }

  close(): void {
    this.worker?.terminate();
    this.worker = null;
  }
}

/** In a worker: answers every question by a function; if that throws, the engine is broken. */
export function answerBy<Q, A>(answer: (question: Q) => A): void {
  self.onmessage = (event: MessageEvent<Q>) => {
    let reply: Reply<A>;
    try {
      reply = { answer: answer(event.data) };
    } catch (error) {
      reply = { broken: error instanceof Error ? error.message : String(error) };
    }
    self.postMessage(reply);
  };
}
