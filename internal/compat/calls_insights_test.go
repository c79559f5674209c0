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
	task := []field{
		{"entities", bare, always},
		{"phrases", bare, always},
		{"definitive", boolean, always},
		{"assignee", nothing, always},
		{"dueBy", instant, never},
	}
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
	const base = "/v1/conversations/{id}"
	get := func(path string) []ask { return []ask{{"GET", base + path, "", 200}} }
	return []call{
		{"GET …/questions", get("/questions"), in("questions", insight, typed("question"), []field{{"entities", list, never}})},
		{"GET …/action-items", get("/action-items"), in("actionItems", insight, typed("action_item"), task)},
		{"GET …/comprehensive/action-items", get("/comprehensive/action-items"), in("actionItems", insight, typed("action_item"), task, refs)},
		{"GET …/follow-ups", get("/follow-ups"), in("followUps", insight, typed("follow_up"), task)},
		{"GET …/insights", get("/insights"), ofInsights},
		{"GET …/topics", get("/topics?sentiment=true&parentRefs=true&refresh=true&customTopicVocabulary=a"), []field{{"topics", bare, always}}},
		{"GET …/abstract-topics", get("/abstract-topics"), []field{{"abstractTopics", bare, always}}},
		{"GET …/intents", get("/intents"), []field{{"intents", bare, always}}},
		{"GET …/entities", get("/entities"), []field{{"entities", bare, always}}},
		{"GET …/trackers-detected", get("/trackers-detected"), []field{{"", bare, always}}},
		{"GET …/trackers", get("/trackers"), []field{{"", bare, always}}},
		{"GET …/summary", []ask{
			{"GET", base + "/summary", "", 200},
			{"GET", base + "/summary?refresh=true", "", 200},
		}, []field{{"summary", bare, always}}},
		{"POST …/summary", []ask{{"POST", base + "/summary?refresh=false", "", 200}}, []field{{"summary", bare, always}}},
	}
}
