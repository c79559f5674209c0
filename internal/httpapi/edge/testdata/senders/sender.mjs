// Posts a body many times and prints the status of each answer.
//
// usage: sender.mjs CLIENT URL TOKEN BYTES plain|chunked|expect TIMES
import { request } from "node:http";

const [client, url, token, size, form, times] = process.argv.slice(2);
const body = Buffer.alloc(Number(size), "a");
const headers = { Authorization: "Bearer " + token, "Content-Type": "application/json" };

function* pieces() {
  for (let at = 0; at < body.length; at += 65536) yield body.subarray(at, at + 65536);
}

async function byFetch() {
  const sent = form === "chunked" ? { body: ReadableStream.from(pieces()), duplex: "half" } : { body };
  const answer = await fetch(url, { method: "POST", headers, ...sent });
  return [answer.status, await answer.text()];
}

function byHTTP() {
  return new Promise((resolve, reject) => {
    const more = form === "plain" ? { "Content-Length": body.length } : {};
    if (form === "expect") more.Expect = "100-continue";
    const req = request(url, { method: "POST", headers: { ...headers, ...more } }, (answer) => {
      let text = "";
      answer.on("data", (piece) => (text += piece));
      answer.on("end", () => resolve([answer.statusCode, text]));
      answer.on("error", reject);
    });
    req.on("error", reject);
    if (form === "expect") req.flushHeaders();
    for (const piece of pieces()) req.write(piece);
    req.end();
  });
}

for (let n = 0; n < Number(times); n++) {
  try {
    const [status, text] = await (client === "fetch" ? byFetch() : byHTTP());
    console.log(text.includes(`"statusCode":${status}`) ? String(status) : `${status} with ${text}`);
  } catch (error) {
    console.log(`${error} ${error.cause ?? ""}`);
  }
}
