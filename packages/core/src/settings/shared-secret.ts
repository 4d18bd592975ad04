import * as z from "zod";
import { textProblem } from "./text.ts";

const minimum = 32;
const remedy = "make one with: openssl rand -base64 32";

// Placeholders of manuals and templates, those of this project and Supabase's demo secret among them.
const placeholder =
  /change[-_ ]?(?:me|this|it)|your[-_ ](?:own|secret|key|token|jwt|32)|replace[-_ ]?(?:me|this|with|by)|placeholder|example|password|contrase|qwerty|asdfgh|super[-_ ]?secret|secretsecret|12345678|abcdefgh|xxxxxx|lorem ipsum|<.*>|\.{3}|…/i;

/** Parses a secret that two programs share: at least 32 characters, and neither a placeholder nor a regular text. */
export const sharedSecret = z.string().superRefine((text, context) => {
  const message = problemOf(text);
  if (message) context.addIssue({ code: "custom", message, input: undefined });
});

function problemOf(text: string): string | undefined {
  const pasted = textProblem(text);
  if (pasted) return pasted;
  if (text.length < minimum) return `must have ${minimum} characters or more: ${remedy}`;
  if (placeholder.test(text)) return `it looks like the placeholder of a manual: ${remedy}`;
  return isGuessable(text) ? `it is too regular to be a secret: ${remedy}` : undefined;
}

/** Returns whether a text has few different characters, repeats a short unit, or counts up or down for half its length. */
function isGuessable(text: string): boolean {
  if (new Set(text.toLowerCase()).size < 8) return true;
  for (let unit = 1; unit <= 16; unit += 1) {
    if (text.startsWith(text.slice(unit))) return true;
  }
  const steps = Array.from(
    text.slice(1),
    (character, index) => character.charCodeAt(0) - text.charCodeAt(index),
  );
  const regular = steps.filter((step, index) => Math.abs(step) <= 1 && step === steps[index - 1]).length;
  return regular > text.length / 2;
}
