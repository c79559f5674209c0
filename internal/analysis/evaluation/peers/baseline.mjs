// Says of each sentence on standard input, a line of JSON, what two libraries find
// in it:
//
//   {"text": "I'll call you tomorrow.", "at": "2026-11-18T10:00:00Z"}
//   {"question": false, "task": true, "due": "2026-11-19"}
//
// compromise finds questions, and its tags tell a task: an imperative, or
// somebody who will, must, should or has to. chrono-node finds the first date that
// is not before the message.
import readline from "node:readline";
import * as chrono from "chrono-node";
import nlp from "compromise";

const obliged = "(i|you|we|he|she|they|#Person|#Noun) #Adverb? (will|'ll|must|should|shall|gotta) #Adverb? #Verb";
const going = "(going|have|has|need|needs) to #Verb";
const asked = "(please|let's|lets) #Verb";

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { text, at } = JSON.parse(line);
  const doc = nlp(text);
  const found = chrono.parse(text, { instant: new Date(at), timezone: "UTC" }, { forwardDate: true });
  console.log(
    JSON.stringify({
      question: doc.questions().found,
      task: doc.has("#Imperative") || doc.has(obliged) || doc.has(going) || doc.has(asked),
      due: found.length > 0 ? found[0].date().toISOString().slice(0, 10) : "",
    }),
  );
}
