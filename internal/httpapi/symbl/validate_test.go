package symbl_test

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/webhook"
)

// message is a body of one message with the members given.
func message(members string) string {
	return `{"messages":[{"payload":{"content":"Hello."},` + members + `}]}`
}

func TestBadBody(t *testing.T) {
	t.Parallel()

	date := `must be an RFC 3339 date-time, such as 2020-07-21T16:02:19.01Z`
	tests := []struct {
		name, body, message string
	}{
		{"nothing", ``, `The body is empty. It must be a JSON object.`},
		{"blanks", "  \n", `The body is empty. It must be a JSON object.`},
		{"an array", `[]`, `The body must be a JSON object.`},
		{"a string", `"messages"`, `The body must be a JSON object.`},
		{"null", `null`, `"messages" is required`},
		{"cut off", `{"messages":[`, `The body is not valid JSON: at byte 13, unexpected EOF.`},
		{"trailing data", httpapitest.Hello + ` {}`, `The body is not valid JSON: at byte 48, invalid character '{' after top-level value.`},
		{"trailing comma", `{"messages":[{"payload":{"content":"a"}},]}`, `The body is not valid JSON: at byte 40, invalid character ',' at start of value.`},
		{"single quotes", `{'messages':[]}`, `The body is not valid JSON: at byte 1, invalid character '\'' at start of value.`},
		{"number as a name", httpapitest.With(`"metadata":{5:"a"}`), `The body is not valid JSON: at byte 59, object member name must be a string.`},
		{"two byte order marks", "\ufeff\ufeff" + httpapitest.Hello, `The body is not valid JSON: at byte 0, invalid character '\ufeff' at start of value.`},
		{"broken UTF-8", `{"messages":[{"payload":{"content":"` + "\xff" + `"}}]}`, `The body must be UTF-8; at byte 36 it is not.`},
		{"lone surrogate", `{"name":"\ud800x","messages":[]}`, "The body is not valid JSON: at byte 9, invalid surrogate pair `\\ud800x\",\"me` in string."},
		{"given twice", `{"name":"a","messages":[],"name":"b"}`, `"name" is given more than once`},
		{"given twice in other case", `{"name":"a","messages":[],"Name":"b"}`, `"Name" is given more than once`},
		{"given twice deep inside", `{"messages":[{"payload":{"content":"a","content":"b"}}]}`, `"messages[0].payload.content" is given more than once`},
		{"given twice in what nobody reads", httpapitest.With(`"x":{"a":1,"a":2}`), `"x.a" is given more than once`},
		{"too deep", httpapitest.With(`"x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32)), `The body must not nest arrays and objects more than 32 levels deep.`},
		{"nothing but depth", strings.Repeat("[", 1<<19), `The body must not nest arrays and objects more than 32 levels deep.`},
		{"NUL in a text", `{"messages":[{"payload":{"content":"a\u0000b"}}]}`, `"messages[0].payload.content" must not contain the character NUL`},
		{"NUL in a name of a member", httpapitest.With(`"metadata":{"a\u0000b":"x"}`), `"metadata.ab" must not contain the character NUL`},
		{"NUL in what nobody reads", httpapitest.With(`"x":["\u0000"]`), `"x[0]" must not contain the character NUL`},
		{"NUL in the features", httpapitest.With(`"features":{"a":"\u0000"}`), `"features.a" must not contain the character NUL`},
		{"a long name of a member", httpapitest.With(`"metadata":{"` + strings.Repeat("é", 400) + `":5}`), `"metadata.` + strings.Repeat("é", 95) + `…" must be a string`},

		{"no messages", `{}`, `"messages" is required`},
		{"messages null", `{"messages":null}`, `"messages" is required`},
		{"messages empty", `{"messages":[]}`, `"messages" must contain at least 1 items`},
		{"messages an object", `{"messages":{}}`, `"messages" must be an array`},
		{"1001 messages", httpapitest.Messages(1001), `"messages" must contain less than or equal to 1000 items`},
		{"half a million zeros", `{"messages":[` + strings.Repeat("0,", 1<<18) + `0]}`, `"messages[0]" must be of type object`},
		{"half a million objects", `{"messages":[` + strings.Repeat("{},", 1<<18) + `{}]}`, `"messages" must contain less than or equal to 1000 items`},
		{"message a string", `{"messages":["Hello."]}`, `"messages[0]" must be of type object`},
		{"message null", `{"messages":[null]}`, `"messages[0].payload.content" is required`},
		{"no payload", `{"messages":[{}]}`, `"messages[0].payload.content" is required`},
		{"payload a string", `{"messages":[{"payload":"Hello."}]}`, `"messages[0].payload" must be of type object`},
		{"no content", `{"messages":[{"payload":{}}]}`, `"messages[0].payload.content" is required`},
		{"content a number", `{"messages":[{"payload":{"content":5}}]}`, `"messages[0].payload.content" must be a string`},
		{"content empty", `{"messages":[{"payload":{"content":""}}]}`, `"messages[0].payload.content" is not allowed to be empty. Leave the message out, or send "skipEmpty": true to have all such messages left out`},
		{"second content blank", `{"messages":[{"payload":{"content":"a"}},{"payload":{"content":" \t\u00a0\n"}}]}`, `"messages[1].payload.content" is not allowed to be empty. Leave the message out, or send "skipEmpty": true to have all such messages left out`},
		{"nothing but empty content to skip", `{"skipEmpty":true,"messages":[{"payload":{"content":""}},{"payload":{"content":" "}},{}]}`, `"messages" must contain at least 1 item with a text`},
		{"content too long", `{"messages":[{"payload":{"content":"` + strings.Repeat("a", 64<<10+1) + `"}}]}`, `"messages[0].payload.content" must not be larger than 65536 bytes`},
		{"from a string", message(`"from":"Ann"`), `"messages[0].from" must be of type object`},
		{"name of a speaker a number", message(`"from":{"name":5}`), `"messages[0].from.name" must be a string`},
		{"name of a speaker too long", message(`"from":{"name":"` + strings.Repeat("a", 257) + `"}`), `"messages[0].from.name" length must be less than or equal to 256 characters long`},
		{"userId too long", message(`"from":{"userId":"` + strings.Repeat("a", 257) + `"}`), `"messages[0].from.userId" length must be less than or equal to 256 characters long`},
		{"email too long", message(`"from":{"email":"` + strings.Repeat("a", 257) + `"}`), `"messages[0].from.email" length must be less than or equal to 256 characters long`},
		{"id of a speaker too long", message(`"from":{"id":"` + strings.Repeat("a", 257) + `"}`), `"messages[0].from.id" length must be less than or equal to 256 characters long`},
		{"duration a number", message(`"duration":5`), `"messages[0].duration" must be of type object`},
		{"time a number", message(`"duration":{"startTime":1595347339}`), `"messages[0].duration.startTime" ` + date},
		{"time with an offset of a day", message(`"duration":{"startTime":"2020-07-21T16:02:19+24:00"}`), `"messages[0].duration.startTime" ` + date},
		{"time with an offset of 60 minutes", message(`"duration":{"startTime":"2020-07-21T16:02:19+00:60"}`), `"messages[0].duration.startTime" ` + date},
		{"time without an offset", message(`"duration":{"startTime":"2020-07-21T16:02:19"}`), `"messages[0].duration.startTime" ` + date},
		{"time without a time", message(`"duration":{"StartTime":"2020-07-21"}`), `"messages[0].duration.StartTime" ` + date},
		{"time with a comma", message(`"duration":{"startTime":"2020-07-21T16:02:19,01Z"}`), `"messages[0].duration.startTime" ` + date},
		{"time with an hour of one digit", message(`"duration":{"startTime":"2020-07-21T6:02:19Z"}`), `"messages[0].duration.startTime" ` + date},
		{"time with an offset beyond a day", message(`"duration":{"startTime":"2020-07-21T16:02:19+25:00"}`), `"messages[0].duration.startTime" ` + date},
		{"time that is none", message(`"duration":{"endTime":"2020-02-30T16:02:19Z"}`), `"messages[0].duration.endTime" ` + date},
		{"time with ten digits", message(`"duration":{"startTime":"2020-07-21T16:02:19.0123456789-07:00"}`), `"messages[0].duration.startTime" ` + date},
		{"time with ten digits and Z", message(`"duration":{"startTime":"2020-07-21T16:02:19.0123456789Z"}`), `"messages[0].duration.startTime" ` + date},
		{"time long ago", message(`"duration":{"startTime":"1899-12-31T23:59:59Z"}`), `"messages[0].duration.startTime" must be between the years 1900 and 2100`},
		{"time far ahead, in UTC", message(`"duration":{"endTime":"2100-12-31T23:59:59-01:00"}`), `"messages[0].duration.endTime" must be between the years 1900 and 2100`},
		{"end before start", message(`"duration":{"startTime":"2020-07-21T16:02:19.002Z","endTime":"2020-07-21T18:02:19.001+02:00"}`), `"messages[0].duration.endTime" must not be earlier than startTime`},

		{"name a number", httpapitest.With(`"name":5`), `"name" must be a string`},
		{"name too long", httpapitest.With(`"name":"` + strings.Repeat("é", 513) + `"`), `"name" length must be less than or equal to 512 characters long`},
		{"threshold a word", httpapitest.With(`"confidenceThreshold":"half"`), `"confidenceThreshold" must be a number`},
		{"threshold too large", httpapitest.With(`"confidenceThreshold":1.01`), `"confidenceThreshold" must be less than or equal to 1`},
		{"threshold too small", httpapitest.With(`"confidenceThreshold":-0.01`), `"confidenceThreshold" must be greater than or equal to 0`},
		{"threshold beyond numbers", httpapitest.With(`"confidenceThreshold":1e999`), `"confidenceThreshold" must be a number`},
		{"threshold not of JSON", httpapitest.With(`"confidenceThreshold":"0x1p-1"`), `"confidenceThreshold" must be a number`},
		{"threshold as a string too large", httpapitest.With(`"confidenceThreshold":"1.5"`), `"confidenceThreshold" must be less than or equal to 1`},
		{"id of a speaker a list", message(`"from":{"id":[1]}`), `"messages[0].from.id" must be a string`},
		{"boolean a number", httpapitest.With(`"detectPhrases":2`), `"detectPhrases" must be a boolean`},
		{"boolean another word", httpapitest.With(`"detectPhrases":"yes"`), `"detectPhrases" must be a boolean`},
		{"boolean a list", httpapitest.With(`"detectEntities":[true]`), `"detectEntities" must be a boolean`},
		{"boolean an object", httpapitest.With(`"enableAllTracker":{}`), `"enableAllTracker" must be a boolean`},
		{"summary another word", httpapitest.With(`"enableSummary":" "`), `"enableSummary" must be a boolean`},
		{"entities a string", httpapitest.With(`"entities":"a"`), `"entities" must be of type object`},
		{"entity a string", httpapitest.With(`"entities":["a"]`), `"entities[0]" must be of type object`},
		{"entity without a type", httpapitest.With(`"entities":[{"text":"a"}]`), `"entities[0].customType" is required`},
		{"entity without anything", httpapitest.With(`"entities":[{}]`), `"entities[0].customType" is required`},
		{"entity without a text", httpapitest.With(`"customEntities":[{"customType":"a"}]`), `"customEntities[0].text" is required`},
		{"entity with a blank text", httpapitest.With(`"entities":{"customType":"a","text":" "}`), `"entities[0].text" is not allowed to be empty`},
		{"entity with a long value", httpapitest.With(`"entities":{"customType":"a","text":"b","value":"` + strings.Repeat("a", 257) + `"}`), `"entities[0].value" length must be less than or equal to 256 characters long`},
		{"entity type a number", httpapitest.With(`"entities":[{"customType":1,"text":"b"}]`), `"entities[0].customType" must be a string`},
		{"oldest entity a number", httpapitest.With(`"customEntities":[{"City":5}]`), `"customEntities[0].City" must be a string`},
		{"oldest entity blank", httpapitest.With(`"customEntities":[{"City":""}]`), `"customEntities[0].City" is not allowed to be empty`},
		{"oldest entity of many", httpapitest.With(`"entities":{` + members(101) + `}`), `"entities[0].` + strings.Repeat("n", 101) + `" is one too many: at most 100 members are taken`},
		{"entities in both lists too many", httpapitest.With(`"entities":` + httpapitest.JSONList(600, `{"a":"b"}`) + `,"customEntities":` + httpapitest.JSONList(401, `{"a":"b"}`)), `"customEntities" must contain less than or equal to 1000 items`},
		{"trackers a string", httpapitest.With(`"trackers":"[]"`), `"trackers" must be an array`},
		{"tracker a string", httpapitest.With(`"trackers":["a"]`), `"trackers[0]" must be of type object`},
		{"tracker without anything", httpapitest.With(`"trackers":[{}]`), `"trackers[0]" must have an "id", or a "name" and a "vocabulary"`},
		{"tracker without a name", httpapitest.With(`"trackers":[{"vocabulary":["a"]}]`), `"trackers[0].name" is required`},
		{"tracker with a blank name", httpapitest.With(`"trackers":[{"name":"","vocabulary":["a"]}]`), `"trackers[0].name" is not allowed to be empty`},
		{"tracker without a vocabulary", httpapitest.With(`"trackers":[{"id":"1"},{"name":"a"}]`), `"trackers[1].vocabulary" is required`},
		{"vocabulary a string", httpapitest.With(`"trackers":[{"name":"a","vocabulary":"b"}]`), `"trackers[0].vocabulary" must be an array`},
		{"vocabulary empty", httpapitest.With(`"trackers":[{"name":"a","vocabulary":[]}]`), `"trackers[0].vocabulary" must contain at least 1 items`},
		{"vocabulary of a number", httpapitest.With(`"trackers":[{"name":"a","vocabulary":["b",5]}]`), `"trackers[0].vocabulary[1]" must be a string`},
		{"vocabulary of null", httpapitest.With(`"trackers":[{"name":"a","vocabulary":["b",null]}]`), `"trackers[0].vocabulary[1]" is not allowed to be empty`},
		{"vocabulary of 1001", httpapitest.With(`"trackers":[{"name":"a","vocabulary":` + httpapitest.JSONList(1001, `"b"`) + `}]`), `"trackers[0].vocabulary" must contain less than or equal to 1000 items`},
		{"too many terms", httpapitest.With(`"trackers":` + httpapitest.JSONList(26, `{"name":"a","vocabulary":`+httpapitest.JSONList(1000, `"b"`)+`}`)), `"trackers" must have at most 25000 terms in their vocabularies altogether`},
		{"tracker id too long", httpapitest.With(`"trackers":[{"id":"` + strings.Repeat("1", 257) + `"}]`), `"trackers[0].id" length must be less than or equal to 256 characters long`},
		{"webhook a number", httpapitest.With(`"webhookUrl":5`), `"webhookUrl" must be a string`},
		{"webhook of another scheme", httpapitest.With(`"webhookUrl":"ftp://example.com"`), `"webhookUrl" ` + webhook.CheckURL("ftp://example.com").Error()},
		{"events without a webhook", httpapitest.With(`"webhookEvents":["completed"]`), `"webhookEvents" must come with a "webhookUrl"`},
		{"events that are none", httpapitest.With(`"webhookUrl":"https://example.com","webhookEvents":["completed","done"]`), `"webhookEvents" must name one or more of scheduled, in_progress, completed and failed`},
		{"events in capitals", httpapitest.With(`"webhookUrl":"https://example.com","webhookEvents":"COMPLETED"`), `"webhookEvents" must name one or more of scheduled, in_progress, completed and failed`},
		{"no events", httpapitest.With(`"webhookUrl":"https://example.com","webhookEvents":[]`), `"webhookEvents" must name one or more of scheduled, in_progress, completed and failed`},
		{"events a number", httpapitest.With(`"webhookEvents":5`), `"webhookEvents" must be a string`},
		{"conversation type a number", httpapitest.With(`"conversationType":5`), `"conversationType" must be a string`},
		{"conversation type of a number", httpapitest.With(`"conversationType":["a",5]`), `"conversationType[1]" must be a string`},
		{"conversation type blank", httpapitest.With(`"conversationType":["a",""]`), `"conversationType[1]" is not allowed to be empty`},
		{"features a list", httpapitest.With(`"features":[]`), `"features" must be of type object`},
		{"features a string", httpapitest.With(`"features":"a"`), `"features" must be of type object`},
		{"features too large", httpapitest.With(`"features":{"a":"` + strings.Repeat("a", 16<<10) + `"}`), `"features" must not be larger than 16384 bytes`},
		{"metadata a list", httpapitest.With(`"metadata":[]`), `"metadata" must be of type object`},
		{"metadata of a number", httpapitest.With(`"metadata":{"a":5}`), `"metadata.a" must be a string`},
		{"metadata of an object", httpapitest.With(`"metadata":{"a":{}}`), `"metadata.a" must be a string`},
		{"metadata of a long value", httpapitest.With(`"metadata":{"a":"` + strings.Repeat("é", 129) + `"}`), `"metadata.a" length must be less than or equal to 128 characters long`},
		{"metadata of a long name", httpapitest.With(`"metadata":{"` + strings.Repeat("a", 129) + `":""}`), `"metadata" must have names of at most 128 characters`},
		{"metadata without a name", httpapitest.With(`"metadata":{"":"a"}`), `"metadata" must not have a member without a name`},
		{"metadata of many", httpapitest.With(`"metadata":{` + members(101) + `}`), `"metadata.` + strings.Repeat("n", 101) + `" is one too many: at most 100 members are taken`},
		{"start not a time", httpapitest.With(`"startTime":"today"`), `"startTime" ` + date},
		{"time zone of more than a number", httpapitest.With(`"timezoneOffset":"60 min"`), `"timezoneOffset" must be a number`},
		{"time zone beyond a day", httpapitest.With(`"timezoneOffset":1441`), `"timezoneOffset" must be less than or equal to 1440`},
		{"time zone before a day", httpapitest.With(`"timezoneOffset":-1441`), `"timezoneOffset" must be greater than or equal to -1440`},
		{"language too long", httpapitest.With(`"languageCode":"` + strings.Repeat("a", 36) + `"`), `"languageCode" length must be less than or equal to 35 characters long`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			api := backend.API(httpapi.Options{})
			httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", tt.body)), 400, tt.message)
			httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("PUT", "/v1/process/text/no-id", tt.body)), 400, tt.message)
			if len(backend.Submitted) != 0 {
				t.Error("a refused request was submitted")
			}
		})
	}
}

// members is n members of an object, each with its own name.
func members(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`,"` + strings.Repeat("n", i+1) + `":"v"`)
	}
	return b.String()[1:]
}
