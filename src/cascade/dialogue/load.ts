import { Checker } from '../check.js';
import { PatternError, unfold } from './pattern.js';
import { conditionFault, templateFault } from './template.js';
import type { Dialogue, SlotSpec } from './types.js';

const slotFields: Record<SlotSpec['kind'], readonly string[]> = {
  list: ['values'],
  number: ['min', 'max'],
  time: ['earliestHour'],
  day: [],
  name: ['values'],
  digits: ['min', 'max'],
  spelled: ['min', 'max'],
  text: ['values'],
};

/**
 * Checks a dialogue that came as JSON, whole. ConfigError `option_invalid` names the path at fault, such as
 * `intents.book.phrases[1]`.
 */
export function loadDialogue(json: unknown): Dialogue {
  const check = new Checker('The dialogue');
  const fields = check.object(json, '', [
    'name',
    'greeting',
    'slots',
    'intents',
    'notUnderstood',
    'silence',
    'more',
    'unavailable',
    'fillers',
    'threshold',
  ]);
  check.optionalText(fields.name, 'name');
  for (const name of ['greeting', 'notUnderstood'] as const) checkTexts(check, fields[name], name, []);
  for (const name of ['silence', 'more', 'unavailable'] as const) {
    if (fields[name] !== undefined) checkTexts(check, fields[name], name, []);
  }
  if (fields.fillers !== undefined) check.texts(fields.fillers, 'fillers');
  const { threshold } = fields;
  if (threshold !== undefined && !(typeof threshold === 'number' && threshold > 0 && threshold <= 1)) {
    check.fail('threshold', 'must be a number above 0 and up to 1');
  }
  const slots = check.object(fields.slots ?? {}, 'slots');
  for (const [name, slot] of Object.entries(slots)) {
    if (!/^[a-z]\w*$/i.test(name) || name in {} || name === 'result' || name === 'error') {
      check.fail(`slots.${name}`, 'cannot be a name of a slot; take letters, figures and _');
    }
    checkSlot(check, slot, `slots.${name}`, Object.keys(slots));
  }
  const intents = check.object(fields.intents, 'intents');
  if (Object.keys(intents).length === 0) check.fail('intents', 'must not be empty');
  for (const [name, intent] of Object.entries(intents)) {
    checkIntent(check, intent, `intents.${name}`, slots, Object.keys(intents));
  }
  return json as Dialogue;
}

function checkSlot(check: Checker, json: unknown, path: string, slots: readonly string[]): void {
  const kind = check.object(json, path).kind;
  const kinds = Object.keys(slotFields);
  if (typeof kind !== 'string' || !kinds.includes(kind))
    check.fail(`${path}.kind`, `must be one of ${kinds.join(', ')}`);
  const own = slotFields[kind as SlotSpec['kind']];
  const slot = check.object(json, path, ['kind', 'ask', 'retry', ...own]);
  for (const name of ['ask', 'retry'] as const) {
    if (slot[name] !== undefined) checkTexts(check, slot[name], `${path}.${name}`, slots);
  }
  for (const name of ['min', 'max', 'earliestHour'] as const) {
    const value = slot[name];
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= 0)) {
      check.fail(`${path}.${name}`, 'must be a whole number, 0 or more');
    }
  }
  if (kind === 'list') checkValues(check, slot.values, `${path}.values`);
  else if (slot.values !== undefined) check.texts(slot.values, `${path}.values`);
}

function checkValues(check: Checker, json: unknown, path: string): void {
  const values = check.list(json, path);
  if (values.length === 0) check.fail(path, 'must not be empty');
  values.forEach((value, index) => {
    const place = `${path}[${index}]`;
    if (typeof value === 'string') {
      check.text(value, place);
      return;
    }
    const entry = check.object(value, place, ['value', 'say']);
    check.text(entry.value, `${place}.value`);
    check.texts(entry.say, `${place}.say`);
  });
}

function checkIntent(
  check: Checker,
  json: unknown,
  path: string,
  slots: Record<string, unknown>,
  intents: readonly string[],
): void {
  const intent = check.object(json, path, ['phrases', 'needs', 'says', 'call', 'then']);
  const names = Object.keys(slots);
  check.texts(intent.phrases, `${path}.phrases`).forEach((phrase, index) => {
    checkPhrase(check, phrase, `${path}.phrases[${index}]`, names);
  });
  const needs = intent.needs === undefined ? [] : check.texts(intent.needs, `${path}.needs`);
  needs.forEach((name, index) => {
    checkSlotName(check, name, `${path}.needs[${index}]`, names);
    const slot = check.object(slots[name], `slots.${name}`);
    if (slot.ask === undefined)
      check.fail(`slots.${name}.ask`, `is missing: ${path} needs the slot, so it must be asked for`);
  });
  if (intent.says !== undefined) checkTexts(check, intent.says, `${path}.says`, names);
  if (intent.call === undefined) {
    if (intent.says === undefined) check.fail(path, "has neither 'says' nor 'call'");
    if (intent.then !== undefined)
      check.fail(`${path}.then`, "follows the result of a 'call', and there is none");
    return;
  }
  const call = check.object(intent.call, `${path}.call`, ['tool', 'args']);
  check.text(call.tool, `${path}.call.tool`);
  for (const [name, value] of Object.entries(check.object(call.args ?? {}, `${path}.call.args`))) {
    if (typeof value === 'string') check.fault(templateFault(value, names), `${path}.call.args.${name}`);
  }
  checkFollowUps(check, intent.then, `${path}.then`, names, intents);
}

function checkFollowUps(
  check: Checker,
  json: unknown,
  path: string,
  slots: readonly string[],
  intents: readonly string[],
): void {
  const roots = ['result', 'error', ...slots];
  const list = check.list(json, path);
  if (list.length === 0) check.fail(path, 'must not be empty');
  list.forEach((one, index) => {
    const place = `${path}[${index}]`;
    const follow = check.object(one, place, ['when', 'says', 'ask', 'intent', 'forget']);
    checkTexts(check, follow.says, `${place}.says`, roots);
    if (follow.ask !== undefined)
      checkSlotName(check, check.text(follow.ask, `${place}.ask`), `${place}.ask`, slots);
    if (follow.intent !== undefined) {
      check.oneOf(follow.intent, intents, `${place}.intent`);
      if (follow.ask === undefined)
        check.fail(`${place}.intent`, "carries on with an answer, and nothing is asked: give 'ask'");
    }
    if (follow.forget !== undefined) {
      check.texts(follow.forget, `${place}.forget`).forEach((name, at) => {
        checkSlotName(check, name, `${place}.forget[${at}]`, slots);
      });
    }
    if (follow.when !== undefined) {
      check.fault(conditionFault(check.text(follow.when, `${place}.when`), roots), `${place}.when`);
    } else if (index < list.length - 1) {
      check.fail(`${place}.when`, 'is missing: what follows it would never be said');
    }
  });
  const last = list.at(-1) as { when?: unknown };
  if (last.when !== undefined) {
    check.fail(
      `${path}[${list.length - 1}].when`,
      'must not be there: the last one is for every other result',
    );
  }
}

function checkPhrase(check: Checker, phrase: string, path: string, slots: readonly string[]): void {
  try {
    for (const form of unfold(phrase)) {
      for (const part of form) if ('slot' in part) checkSlotName(check, part.slot, path, slots);
    }
  } catch (thrown) {
    if (!(thrown instanceof PatternError)) throw thrown;
    check.fail(path, `is no phrase: ${thrown.message}`);
  }
}

function checkSlotName(check: Checker, name: string, path: string, slots: readonly string[]): void {
  if (!slots.includes(name))
    check.fail(path, `names the slot '${name}', known are ${slots.join(', ') || 'none'}`);
}

function checkTexts(check: Checker, json: unknown, path: string, roots: readonly string[]): void {
  check.texts(json, path).forEach((text, index) => {
    check.fault(templateFault(text, roots), typeof json === 'string' ? path : `${path}[${index}]`);
  });
}
