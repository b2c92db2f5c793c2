import type { Command } from '../../realtime/index.js';
import { checkId, checkMs, checkPcm } from './shapes.js';
import type { Fail, Seen } from './state.js';

/** Rules for what a session sends to a link. */
export function checkCommand(seen: Seen, command: Command, fail: Fail): void {
  if (command.t === 'open') {
    if (seen.opened) fail('open-once', 'open was sent before');
    if (command.resume !== undefined && command.history.length > 0) {
      fail('history-or-resume', 'open carries both history and resume');
    }
    seen.opened = true;
    return;
  }
  if (command.t === 'close') {
    // A link that was dialled for somebody who has gone is closed without having been opened.
    seen.closeSent = true;
    return;
  }
  if (!seen.opened) fail('open-first', `${command.t} was sent before open`);
  if (command.t === 'raw') return;
  if (command.t === 'audio') {
    checkAudio(seen, command, fail);
    return;
  }
  checkId('cmd', command.cmd, fail);
  if (seen.commands.has(command.cmd)) fail('cmd-unique', `cmd ${command.cmd} was used before`);
  if (command.t === 'item.cut' && !(Number.isInteger(command.heardMs) && command.heardMs >= 0)) {
    fail('milliseconds', `heardMs is ${command.heardMs}; it must be an integer and not negative`);
  }
  if (command.t === 'image') checkMs('atMs', command.atMs, fail);
  seen.commands.set(command.cmd, command);
}

function checkAudio(seen: Seen, command: Extract<Command, { t: 'audio' }>, fail: Fail): void {
  if (!seen.ready) fail('audio-after-ready', 'audio was sent before ready');
  checkPcm(command.pcm, fail);
  checkMs('atMs', command.atMs, fail);
  if (command.atMs < seen.lastAudioAtMs) {
    fail('input-line', `audio at ${command.atMs} ms follows audio at ${seen.lastAudioAtMs} ms`);
  }
  seen.lastAudioAtMs = command.atMs;
}
