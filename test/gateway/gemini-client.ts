import { GoogleGenAI, type LiveConnectConfig, type LiveServerMessage, type Session } from '@google/genai';

/** The official client with what it received; `until` waits for the next message that fits. */
export class Talk {
  readonly messages: LiveServerMessage[] = [];
  closed: { code: number; reason: string } | undefined;
  session!: Session;
  #seen = 0;
  #notify: () => void = () => {};

  static async open(
    baseUrl: string,
    config: LiveConnectConfig = {},
    options: { apiKey?: string; apiVersion?: string; vertexai?: boolean } = {},
  ): Promise<Talk> {
    const { apiKey = 'test-key', apiVersion, vertexai = false } = options;
    const talk = new Talk();
    const ai = new GoogleGenAI({
      apiKey,
      vertexai,
      httpOptions: { baseUrl, ...(apiVersion === undefined ? {} : { apiVersion }) },
    });
    talk.session = await ai.live.connect({
      model: 'gemini-3.8-live',
      config,
      callbacks: {
        onmessage: (message) => {
          talk.messages.push(message);
          talk.#notify();
        },
        onclose: ({ code, reason }) => {
          talk.closed = { code, reason };
          talk.#notify();
        },
      },
    });
    return talk;
  }

  /** Messages after the last `until`, up to and with the first that fits. Rejects when the connection closes first. */
  async until(fits: (message: LiveServerMessage) => boolean): Promise<LiveServerMessage[]> {
    const from = this.#seen;
    for (;;) {
      for (; this.#seen < this.messages.length; this.#seen++) {
        if (fits(this.messages[this.#seen]!)) return this.messages.slice(from, ++this.#seen);
      }
      if (this.closed !== undefined)
        throw new Error(`closed with ${this.closed.code}: ${this.closed.reason}`);
      await this.#change();
    }
  }

  turn(): Promise<LiveServerMessage[]> {
    return this.until((message) => message.serverContent?.turnComplete === true);
  }

  async end(): Promise<{ code: number; reason: string }> {
    while (this.closed === undefined) await this.#change();
    return this.closed;
  }

  /** Sound and then silence, 16 kHz, in chunks of 20 ms. */
  speak(loudMs: number, silentMs: number): void {
    for (let at = 0; at < loudMs + silentMs; at += 20) {
      const pcm = new Int16Array(320);
      if (at < loudMs) for (let i = 0; i < pcm.length; i++) pcm[i] = Math.round(9000 * Math.sin(i / 4));
      const data = Buffer.from(pcm.buffer).toString('base64');
      this.session.sendRealtimeInput({ audio: { data, mimeType: 'audio/pcm;rate=16000' } });
    }
  }

  async close(): Promise<void> {
    this.session.close();
    await this.end();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#notify = resolve;
    });
  }
}

/** Milliseconds of 24 kHz audio in messages. */
export function audioMs(messages: readonly LiveServerMessage[]): number {
  let bytes = 0;
  for (const message of messages) {
    for (const { inlineData } of message.serverContent?.modelTurn?.parts ?? []) {
      if (inlineData?.mimeType === 'audio/pcm;rate=24000') {
        bytes += Buffer.from(inlineData.data ?? '', 'base64').length;
      }
    }
  }
  return bytes / 2 / 24;
}

export function transcript(
  messages: readonly LiveServerMessage[],
  of: 'inputTranscription' | 'outputTranscription',
): string {
  return messages.map((message) => message.serverContent?.[of]?.text ?? '').join('');
}
