import { Checker } from '../check.js';
import { templateFault } from '../dialogue/template.js';

/** A conversation that is known beforehand. Plain JSON. */
export interface Script {
  name?: string;
  turns: ScriptTurn[];
  /** Said when a reply is asked for before anybody has spoken. Default "Hello." */
  greeting?: string;
  /** Said when the script knows nothing more. */
  otherwise?: string;
  /** Length of each spoken word. Default 200. */
  audioMsPerWord?: number;
  /** Time between one clause and the next. Default 0: all at once. */
  clausePauseMs?: number;
  /** Time before the first word of each reply. Default 0. */
  thinkMs?: number;
  /** Voices that a session may choose from; absent = any. */
  voices?: string[];
}

export interface ScriptTurn {
  /** What the recogniser hears in the next utterance, whatever it sounds like. Absent: a turn that is typed or unasked. */
  hears?: string;
  /** What the model says to it, before any calls. */
  says?: string;
  calls?: { name: string; args?: Record<string, unknown> }[];
  /** What it says once the calls are answered; `{result.path}` is filled from the last result. */
  thenSays?: string;
  /** In place of the script's, for what is said in this turn. */
  audioMsPerWord?: number;
  faults?: ScriptFaults;
}

export interface ScriptFaults {
  /** `empty`: nothing is understood. */
  transcription?: 'failed' | 'empty';
  transcriptionLateMs?: number;
  /** `mute`: words without audio; `incomplete`: it stops at its length limit; `silent`: it says nothing and ends. */
  response?: 'failed' | 'mute' | 'incomplete' | 'silent';
  responseLateMs?: number;
}

/** Checks a script that came as JSON. ConfigError `option_invalid` names the path at fault, such as `turns[2].says`. */
export function loadScript(json: unknown): Script {
  const check = new Checker('The script');
  const fields = check.object(json, '', [
    'name',
    'turns',
    'greeting',
    'otherwise',
    'audioMsPerWord',
    'clausePauseMs',
    'thinkMs',
    'voices',
  ]);
  for (const name of ['name', 'greeting', 'otherwise'] as const) check.optionalText(fields[name], name);
  for (const name of ['audioMsPerWord', 'clausePauseMs', 'thinkMs'] as const)
    check.optionalMs(fields[name], name);
  if (fields.voices !== undefined) check.texts(fields.voices, 'voices');
  check.list(fields.turns, 'turns').forEach((turn, index) => {
    checkTurn(check, turn, `turns[${index}]`);
  });
  return json as Script;
}

function checkTurn(check: Checker, json: unknown, path: string): void {
  const turn = check.object(json, path, ['hears', 'says', 'calls', 'thenSays', 'audioMsPerWord', 'faults']);
  for (const name of ['hears', 'says', 'thenSays'] as const)
    check.optionalText(turn[name], `${path}.${name}`);
  check.optionalMs(turn.audioMsPerWord, `${path}.audioMsPerWord`);
  if (typeof turn.thenSays === 'string') {
    check.fault(templateFault(turn.thenSays, ['result']), `${path}.thenSays`);
  }
  if (turn.calls !== undefined) {
    check.list(turn.calls, `${path}.calls`).forEach((json, index) => {
      const call = check.object(json, `${path}.calls[${index}]`, ['name', 'args']);
      check.text(call.name, `${path}.calls[${index}].name`);
      if (call.args !== undefined) check.object(call.args, `${path}.calls[${index}].args`);
    });
  }
  if (turn.faults === undefined) return;
  const known = ['transcription', 'transcriptionLateMs', 'response', 'responseLateMs'];
  const faults = check.object(turn.faults, `${path}.faults`, known);
  check.oneOf(faults.transcription, ['failed', 'empty'], `${path}.faults.transcription`);
  check.oneOf(faults.response, ['failed', 'mute', 'incomplete', 'silent'], `${path}.faults.response`);
  check.optionalMs(faults.transcriptionLateMs, `${path}.faults.transcriptionLateMs`);
  check.optionalMs(faults.responseLateMs, `${path}.faults.responseLateMs`);
}
