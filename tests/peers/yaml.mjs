// Reads the texts of standard input with npm `yaml`; prints what they hold.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.TENURE_PEERS + "/");
const { parse } = require("yaml");
const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => parse(text, { strict: true, maxAliasCount: 0 }))));
