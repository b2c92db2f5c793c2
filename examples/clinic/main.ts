// The appointment desk of a clinic: `npm start`, then talk to it on the printed page.
import { parseArgs } from 'node:util';
import { ReparteeError } from 'repartee';
import { type Clinic, openClinic } from './app.js';

const usage = `Options:
  --port N           port of the page, default 3000
  --model NAME       OpenAI realtime model; needs OPENAI_API_KEY
  --llm-url URL      an OpenAI-compatible chat endpoint in place of the script, such as http://127.0.0.1:11434/v1
  --llm-model NAME   the model to ask for there
  --data FILE        appointment book, default .data/clinic.sqlite`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3000' },
      model: { type: 'string' },
      'llm-url': { type: 'string' },
      'llm-model': { type: 'string' },
      data: { type: 'string', default: '.data/clinic.sqlite' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port takes a number from 0 to 65535, not ${values.port}`);
  const { 'llm-url': baseUrl, 'llm-model': llmModel } = values;
  if ((baseUrl === undefined) !== (llmModel === undefined))
    throw new Error('--llm-url and --llm-model go together');
  const apiKey = process.env.LLM_API_KEY;

  const clinic = await openClinic({
    port,
    data: values.data,
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(baseUrl === undefined || llmModel === undefined
      ? {}
      : { llm: { baseUrl, model: llmModel, ...(apiKey === undefined ? {} : { apiKey }) } }),
    onError: ({ name, code, message }) => console.error(`${name} ${code}: ${message}`),
  });
  console.log(`Talk to the clinic at ${clinic.url}  (${clinic.model}; Ctrl-C stops it)`);
  stopOnSignal(clinic);
}

function stopOnSignal(clinic: Clinic): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void clinic.close().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  // Ours are written for the person at the keyboard; so are those of parseArgs and of this file.
  console.error(error instanceof ReparteeError || error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
