package clitest

import "encoding/json"

// The documents of the API, which it returns for reads and for changes.
const (
	MembersDocument = `{"members":[{"id":"m-1","name":"Ana","email":"ana@example.com"},{"id":"m-3","name":"Ben\u001b"}]}`
	TrackerDocument = `{"tracker":{"id":"t-1","name":"Discount","description":"","categories":["price"],"languages":["en-US"],` +
		`"vocabulary":["discount","lower the price"],"createdOn":"2026-03-01T10:00:00.000Z","updatedOn":"2026-03-01T11:00:00.000Z"}}`
	TrackersDocument   = `{"trackers":[{"id":"t-1","name":"Discount","vocabulary":["discount","lower the price"]},{"id":"t-2","name":"Empty"}]}`
	GroupDocument      = `{"group":{"id":"g-1","name":"Johns","description":"of John","criteria":"conversation.metadata.agentId==johndoe"}}`
	GroupsDocument     = `{"groups":[{"id":"g-1","name":"Johns","criteria":"conversation.metadata.agentId==johndoe"}]}`
	TranscriptDocument = `{"transcript":{"payload":"Ana: Hello.<br/><br/>Ben: Hi \u001b[2J.","contentType":"text/markdown"}}`
	InsightsDocument   = `{"insights":[{"id":"1","type":"question","score":0.984,"text":"Who\u001b?"},` +
		`{"id":"2","type":"action_item","score":0.7,"text":"Ana calls.","assignee":{"name":"Ana"},"dueBy":"2026-03-02T09:00:00.000Z"}]}`
	SecretDocument  = `{"id":"5f0c2c7e91d3","scheme":"v1","source":"api","secret":"whsec_shown","createdAt":"2026-03-01T10:00:00.000Z"}`
	SecretsDocument = `{"secrets":[{"id":"5f0c2c7e91d3","scheme":"v1a","source":"api","publicKey":"whpk_k","createdAt":"2026-03-01T10:00:00.000Z"},` +
		`{"id":"0a7dc21f4be8","scheme":"v1","source":"configuration","expiresAt":"2026-03-02T10:00:00.000Z"}]}`
	topicsDocument   = `{"topics":[{"id":"1","text":"release notes","score":0.783,"messageIds":["1","2"]}]}`
	summaryDocument  = `{"summary":[{"id":"1","text":"Ana calls.","startTime":"2026-03-01T10:00:00.000Z"}]}`
	deliveryDocument = `{"id":"j_1_5d41402a","jobId":"j","status":"scheduled","sequence":1,"url":"https://a.example/","state":"dead","attempted":1,"endedAt":"2026-03-01T10:00:00.000Z","reason":"gone","halted":true,` +
		`"attempts":[{"eventId":"j_1_5d41402a","status":"scheduled","attempt":1,"at":"2026-03-01T10:00:00.000Z","outcome":"dead","code":410,"error":"gone","dnsMs":0.5,"connectMs":1,"tlsMs":2,"firstByteMs":3,"totalMs":4.25}]}`
	laneDocument = `{"id":"7","kind":"jobs","state":"held","reason":"no luck","since":"2026-03-01T10:00:00.000Z","waiting":3,"headJobId":"` + JobID + `","failedAttempts":5}`
	jobsDocument = `{"jobs":[{"id":"` + JobID + `","conversationId":"` + ConversationID + `","sequence":3,"status":"failed","since":"2026-03-01T10:00:00.012Z",` +
		`"message":"the analyzer \u001b[2Jsaid no"}],"nextCursor":"c","counts":{"scheduled":0,"in_progress":1,"completed":912,"failed":2}}`
	detailDocument = `{"id":"` + JobID + `","conversationId":"` + ConversationID + `","sequence":3,"status":"in_progress","acceptedAt":"2026-03-01T10:00:00.000Z",` +
		`"startedAt":"2026-03-01T10:00:00.004Z","lane":{"ahead":0,"behind":2},"failedAttempts":1,"nextAttemptAt":"2026-03-01T10:00:05.000Z",` +
		`"failures":[{"at":"2026-03-01T10:00:00.012Z","reason":"no luck"}],"events":[{"id":"j_1","jobId":"` + JobID + `","status":"scheduled","sequence":1,"state":"retrying","attempted":1,` +
		`"nextAt":"2026-03-01T10:00:09.000Z","attempts":[{"eventId":"j_1","status":"scheduled","attempt":1,"at":"2026-03-01T10:00:00.000Z","outcome":"retry","error":"refused"}]}]}`
	deliveriesDocument = `{"deliveries":[{"id":"j_1_5d41402a","jobId":"j","status":"scheduled","sequence":1,"state":"pending","attempted":0,"nextAt":"2026-03-01T10:00:00.000Z","replay":true}],"nextCursor":"c"}`
	endpointDocument   = `{"id":"e-1","origin":"https://a.example:443","breaker":"open","waiting":7,"inFlight":1,"dead":3,"rate":50,"nextProbeAt":"2026-03-01T10:00:00.000Z"}`
	endpointsDocument  = `{"endpoints":[` + endpointDocument + `]}`
	resendDocument     = `{"id":"r-1","endpointId":"e-1","rate":20,"state":"running","createdAt":"2026-03-01T10:00:00.000Z","sent":5,"left":6}`
	labelsDocument     = `{"id":"u","attributes":{"labels":{"team":"blue"}}}`
)

// MessageDocument is a message that begins at the second of 10:00 UTC.
func MessageDocument(id, name, text, second string) string {
	from, _ := json.Marshal(map[string]string{"name": name})
	quoted, _ := json.Marshal(text)
	return `{"id":"` + id + `","text":` + string(quoted) + `,"from":` + string(from) + `,"startTime":"2026-03-01T10:00:` + second + `.000Z"}`
}

// JobDocument is a job that was accepted at 10:00, started 4 ms later and
// finished 12 ms later, as far as the status has these times.
func JobDocument(status, message string) string {
	document := map[string]string{
		"id": JobID, "conversationId": ConversationID, "status": status,
		"acceptedAt": "2026-03-01T10:00:00.000Z",
	}
	if status != "scheduled" {
		document["startedAt"] = "2026-03-01T10:00:00.004Z"
	}
	if status == "completed" || status == "failed" {
		document["finishedAt"] = "2026-03-01T10:00:00.012Z"
	}
	if message != "" {
		document["message"] = message
	}
	encoded, _ := json.Marshal(document)
	return string(encoded)
}
