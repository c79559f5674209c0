// Verifies requests that were captured, each with the package of the Standard
// Webhooks specification, and prints what that says of each.
const { Webhook } = require("standardwebhooks");
const { readFileSync } = require("node:fs");

for (const { secret, headers, body } of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    const event = new Webhook(secret).verify(body, headers);
    console.log(JSON.stringify({ status: event.status }));
  } catch (e) {
    console.log(JSON.stringify({ error: String(e.message) }));
  }
}
