// Verifies the tokens of standard input with npm `jose`, as access tokens of RFC 9068; prints what it read.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.TENURE_PEERS + "/");
const { createLocalJWKSet, importJWK, jwtVerify } = await import(pathToFileURL(require.resolve("jose")));
const answers = [];
for (const { token, jwk, alg, issuer, audience } of JSON.parse(readFileSync(0, "utf8"))) {
  const key = jwk.kty === "oct" ? await importJWK(jwk, alg) : createLocalJWKSet({ keys: [jwk] });
  const { payload, protectedHeader } = await jwtVerify(token, key, {
    algorithms: [alg],
    audience,
    issuer,
    typ: "at+jwt",
    requiredClaims: ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
  });
  answers.push({ alg: protectedHeader.alg, exp: payload.exp, scope: payload.scope });
}
process.stdout.write(JSON.stringify(answers));
