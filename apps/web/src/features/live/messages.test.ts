import { connectorErrorKinds, remedies } from "@smarteros/connectors/errors";
import { driftKinds, runStates, stepActions, stepStates } from "@smarteros/tools-fastapi/provisioning-states";
import { expect, test } from "vitest";
import { messagesIn } from "../../i18n/messages.ts";

test.each(["es-CL", "en"] as const)(
  "in %s every code that may be shown has its words, and no other",
  (locale) => {
    const { kind, remedy, drift, driftRemedy, run, step, action } = messagesIn(locale).provisioning;
    const keys = (words: object) => Object.keys(words).sort();
    expect(keys(remedy)).toEqual(keys(remedies));
    expect(keys(kind)).toEqual([...connectorErrorKinds].sort());
    expect(keys(drift)).toEqual([...driftKinds].sort());
    expect(keys(driftRemedy)).toEqual([...driftKinds].sort());
    expect(keys(run)).toEqual([...runStates].sort());
    expect(keys(step)).toEqual([...stepStates].sort());
    expect(keys(action)).toEqual([...stepActions].sort());
  },
);
