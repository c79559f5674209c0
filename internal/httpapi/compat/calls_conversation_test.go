package compat

import "slices"

// within puts the path of a parent before those of fields.
func within(parent string, fields []field) []field {
	moved := slices.Clone(fields)
	for i := range moved {
		moved[i].path = parent + "." + moved[i].path
	}
	return moved
}

var (
	memberFields = []field{
		{"id", uuid, always},
		{"name", word, sometimes},
		{"email", word, sometimes},
	}
	conversationFields = slices.Concat([]field{
		{"id", digits, always},
		{"type", one("meeting"), always},
		{"name", word, always},
		{"startTime", instant, always},
		{"endTime", instant, always},
		{"members", list, always},
		{"members[].phone", text, never},
		{"metadata", strs, always},
		{"transcriptId", text, never},
	}, within("members[]", memberFields))
	listFields = slices.Concat([]field{{"conversations", list, always}}, within("conversations[]", conversationFields))
	doneFields = []field{{"message", word, always}}

	// A message, but for what has to be asked for.
	messageFields = []field{
		{"messages", list, always},
		{"messages[].id", digits, always},
		{"messages[].text", word, always},
		{"messages[].from", record, always},
		{"messages[].from.id", uuid, sometimes},
		{"messages[].from.name", word, sometimes},
		{"messages[].from.email", word, sometimes},
		{"messages[].startTime", instant, always},
		{"messages[].endTime", instant, always},
		{"messages[].timeOffset", number, always},
		{"messages[].duration", number, always},
		{"messages[].conversationId", digits, always},
		{"messages[].phrases", list, always},
		{"messages[].phrases[].type", one("action_phrase"), always},
		{"messages[].phrases[].text", word, always},
		{"messages[].sentiment", record, sometimes},
		{"messages[].sentiment.polarity", record, always},
		{"messages[].sentiment.polarity.score", polarity, always},
		{"messages[].sentiment.suggested", one("positive", "neutral", "negative"), always},
		{"messages[].words", list, sometimes},
		{"messages[].words[].word", word, always},
		{"messages[].words[].startTime", instant, always},
		{"messages[].words[].endTime", instant, always},
		{"messages[].words[].timeOffset", number, always},
		{"messages[].words[].duration", number, always},
		{"messages[].words[].score", number, never},
		{"messages[].words[].speakerTag", integer, never},
	}
)

// conversationCalls are those about conversations, messages and members.
func conversationCalls() []call {
	const base = "/v1/conversations"
	return []call{
		{"GET /v1/conversations", []request{
			{"GET", base, "", 200},
			{"GET", base + "?filter=conversation.metadata.agentId%3D%3Djohndoe+and+conversation.name%3D%3D%22Release%20call%22", "", 200},
		}, listFields},
		{"GET /v1/groups/{groupId}/conversations", []request{{"GET", "/v1/groups/{group}/conversations", "", 200}}, listFields},
		{"GET /v1/conversations/{conversationId}", []request{{"GET", base + "/{id}", "", 200}}, conversationFields},
		{"PUT /v1/conversations/{conversationId}", []request{
			{"PUT", base + "/{id}", `{"metadata":{"agentId":"johndoe"}}`, 200},
			{"PUT", base + "/{id}", `{"id":"{id}","type":"meeting","name":"Release call"}`, 200},
		}, conversationFields},
		{"GET …/messages", []request{
			{"GET", base + "/{id}/messages", "", 200},
			{"GET", base + "/{id}/messages?verbose=true&sentiment=true", "", 200},
		}, messageFields},
		{"GET …/members", []request{{"GET", base + "/{id}/members", "", 200}}, slices.Concat([]field{{"members", list, always}}, within("members[]", memberFields))},
		{"PUT …/members/{memberId}", []request{{"PUT", base + "/{id}/members/{member}", `{"id":"{member}","name":"Anna"}`, 200}}, doneFields},
		{"PUT …/speakers", []request{{"PUT", base + "/{id}/speakers", `{"speakerEvents":[
			{"type":"started_speaking","user":{"id":"4194eb50","name":"Derek","email":"derek@example.com"},"offset":{"seconds":52,"nanos":5000000000}}]}`, 200}}, doneFields},
		{"POST …/transcript", []request{
			{"POST", base + "/{id}/transcript", `{"contentType":"text/markdown","createParagraphs":"true","phrases":{"highlightAllKeyPhrases":true},"showSpeakerSeparation":true}`, 200},
			{"POST", base + "/{id}/transcript", `{"contentType":"text/srt"}`, 200},
		}, []field{
			{"transcript", record, always},
			{"transcript.payload", word, always},
			{"transcript.contentType", one("text/markdown", "text/srt"), always},
		}},
		{"GET …/analytics", []request{{"GET", base + "/{id}/analytics", "", 200}}, []field{
			{"metrics", list, always},
			{"metrics[].type", one("total_silence", "total_talk_time", "total_overlap"), always},
			{"metrics[].percent", number, always},
			{"metrics[].seconds", number, always},
			{"members", list, always},
			{"members[].id", uuid, always},
			{"members[].name", word, sometimes},
			{"members[].userId", word, sometimes},
			{"members[].email", word, never},
			{"members[].pace", record, always},
			{"members[].pace.wpm", integer, always},
			{"members[].talkTime", record, always},
			{"members[].talkTime.percentage", number, always},
			{"members[].talkTime.seconds", number, always},
			{"members[].listenTime", record, always},
			{"members[].listenTime.percentage", number, always},
			{"members[].listenTime.seconds", number, always},
			{"members[].overlap", nothing, always},
			{"members[].overlap.overlapDuration", number, never},
			{"members[].overlap.overlappingMembers", list, never},
		}},
	}
}
