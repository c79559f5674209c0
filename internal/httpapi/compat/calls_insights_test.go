package compat

import "slices"

// insightCalls are those about what was found in a conversation.
func insightCalls() []call {
	insight := []field{
		{"id", digits, always},
		{"text", word, always},
		{"score", share, always},
		{"messageIds", list, always},
		{"messageIds[]", digits, always},
		{"from", record, always},
		{"from.id", uuid, sometimes},
		{"from.name", word, sometimes},
		{"from.userId", word, sometimes},
	}
	task := slices.Concat([]field{
		{"entities", list, always},
		{"phrases", list, always},
		{"phrases[].type", one("action_phrase"), always},
		{"phrases[].text", word, always},
		{"definitive", boolean, always},
		{"assignee", record, always},
		{"assignee.id", uuid, sometimes},
		{"assignee.name", word, sometimes},
		{"assignee.email", word, sometimes},
		{"dueBy", instant, sometimes},
	}, within("entities[]", []field{
		{"type", word, always},
		{"text", word, always},
		{"offset", offset, always},
		{"value", either(word, record), sometimes},
		{"value.name", word, always},
		{"value.id", uuid, sometimes},
		{"value.userId", word, sometimes},
		{"value.assignee", boolean, sometimes},
		{"start", word, sometimes},
		{"end", word, sometimes},
	}))
	refs := []field{
		{"messageRefs", list, always},
		{"messageRefs[].id", digits, always},
		{"messageRefs[].text", word, always},
	}
	typed := func(is ...string) []field { return []field{{"type", one(is...), always}} }
	in := func(name string, fields ...[]field) []field {
		return slices.Concat([]field{{name, list, always}}, within(name+"[]", slices.Concat(fields...)))
	}
	ofInsights := in("insights", insight, typed("question", "action_item", "follow_up"), task)
	for i, f := range ofInsights {
		if slices.Contains([]string{"insights[].entities", "insights[].phrases", "insights[].definitive", "insights[].assignee"}, f.path) {
			ofInsights[i].when = sometimes // questions have none
		}
	}
	place := []field{
		{"id", digits, always},
		{"text", word, always},
		{"offset", offset, always},
		{"startTime", instant, always},
		{"endTime", instant, always},
	}
	tracked := slices.Concat([]field{{"", list, always}}, within("[]", slices.Concat([]field{
		{"id", digits, always},
		{"name", word, always},
		{"matches", list, always},
		{"matches[].type", one("vocabulary"), always},
		{"matches[].value", word, always},
		{"matches[].messageRefs", list, always},
		{"matches[].insightRefs", list, always},
		{"matches[].insightRefs[].id", digits, always},
		{"matches[].insightRefs[].type", one("question", "action_item", "follow_up"), always},
		{"matches[].insightRefs[].text", word, always},
		{"matches[].insightRefs[].offset", offset, always},
	}, within("matches[].messageRefs[]", place))))
	summary := in("summary", []field{
		{"id", digits, always},
		{"text", word, always},
		{"messageRefs", list, always},
		{"messageRefs[].id", digits, always},
		{"startTime", instant, always},
		{"endTime", instant, always},
		{"bookmarkReference", record, never},
	})
	const base = "/v1/conversations/{id}"
	get := func(path string) []request { return []request{{"GET", base + path, "", 200}} }
	return []call{
		{"GET …/questions", get("/questions"), in("questions", insight, typed("question"), []field{{"entities", list, never}})},
		{"GET …/action-items", get("/action-items"), in("actionItems", insight, typed("action_item"), task)},
		{"GET …/comprehensive/action-items", get("/comprehensive/action-items"), in("actionItems", insight, typed("action_item"), task, refs)},
		{"GET …/follow-ups", get("/follow-ups"), in("followUps", insight, typed("follow_up"), task)},
		{"GET …/insights", get("/insights"), ofInsights},
		{"GET …/topics", []request{
			{"GET", base + "/topics?sentiment=true&parentRefs=true&refresh=true&customTopicVocabulary=contract", "", 200},
			{"GET", base + "/topics", "", 200},
		}, in("topics", []field{
			{"id", digits, always},
			{"text", word, always},
			{"score", share, always},
			{"messageIds", list, always},
			{"messageIds[]", digits, always},
			{"sentiment", record, sometimes},
			{"sentiment.polarity", record, always},
			{"sentiment.polarity.score", polarity, always},
			{"sentiment.suggested", one("positive", "neutral", "negative"), always},
			{"parentRefs", list, always},
			{"parentRefs[].type", one("topic"), always},
			{"parentRefs[].text", word, always},
			{"entities", list, never},
		}, typed("topic"))},
		{"GET …/abstract-topics", get("/abstract-topics"), []field{{"abstractTopics", bare, always}}},
		{"GET …/intents", get("/intents"), []field{{"intents", bare, always}}},
		{"GET …/entities", get("/entities"), in("entities", []field{
			{"type", word, always},
			{"customType", word, sometimes},
			{"value", word, always},
			{"text", word, always},
			{"start", either(word, null), always},
			{"end", either(word, null), always},
			{"messageRefs", list, always},
			{"subType", word, always},
			{"category", one("Custom", "Managed"), always},
			{"matches", list, always},
			{"matches[].detectedValue", word, always},
			{"matches[].messageRefs", list, always},
		}, within("messageRefs[]", place), within("matches[].messageRefs[]", place))},
		{"GET …/trackers-detected", get("/trackers-detected"), tracked},
		{"GET …/trackers", get("/trackers"), tracked},
		{"GET …/summary", []request{
			{"GET", base + "/summary", "", 200},
			{"GET", base + "/summary?refresh=true", "", 200},
		}, summary},
		{"POST …/summary", []request{{"POST", base + "/summary?refresh=false", "", 200}}, summary},
	}
}
