// Runs Auth0 Actions as Auth0 does (trigger credentials-exchange): each line of standard input is {code, at, event}; prints
// for each what the Action denied and which claims it set.
import { readFileSync } from "node:fs";

const known = ["invalid_scope", "invalid_request", "server_error"];
const actions = new Map();
const load = (code) => {
  if (!actions.has(code)) {
    const exports = {};
    new Function("exports", code)(exports);
    actions.set(code, exports.onExecuteCredentialsExchange);
  }
  return actions.get(code);
};
const answers = [];
for (const line of JSON.parse(readFileSync(0, "utf8"))) {
  const { code, at, event } = line;
  Date.now = () => at * 1000 + 999;
  const answer = { denied: null, claims: {} };
  const api = {
    access: {
      deny: (error, reason) => {
        if (!known.includes(error) || typeof reason !== "string") throw new Error(`deny(${error}, ${reason})`);
        answer.denied ??= reason;
      },
    },
    accessToken: { setCustomClaim: (name, value) => void (answer.claims[name] = value) },
  };
  await load(code)(event, api);
  answers.push(answer);
}
if (globalThis.pwned !== undefined) throw new Error("a name was run");
process.stdout.write(JSON.stringify(answers));
