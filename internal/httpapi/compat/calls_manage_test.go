package compat

import "slices"

// manageCalls are those about what an account saves, and the deletion of a
// conversation, which is the last call about it.
func manageCalls() []call {
	tracker := []field{
		{"id", digits, always},
		{"name", word, always},
		{"description", text, always},
		{"categories", list, always},
		{"categories[]", word, sometimes},
		{"languages", list, always},
		{"languages[]", word, always},
		{"vocabulary", list, always},
		{"vocabulary[]", word, always},
		{"excludeVocabulary", list, always},
		{"excludeVocabulary[]", word, sometimes},
		{"createdOn", instant, always},
		{"updatedOn", instant, always},
	}
	group := []field{
		{"id", digits, always},
		{"name", word, always},
		{"description", text, always},
		{"criteria", word, always},
	}
	entity := []field{
		{"id", digits, always},
		{"type", word, always},
		{"subType", text, always},
		{"category", one("Custom"), always},
		{"values", list, always},
		{"values[]", word, always},
	}
	single := func(name string, fields []field) []field {
		return slices.Concat([]field{{name, record, always}}, within(name, fields))
	}
	both := slices.Concat(single("entity", entity), entity) // as documented, and flat
	several := func(name string, fields []field) []field {
		return slices.Concat([]field{{name, list, always}}, within(name+"[]", fields))
	}
	deleted := func(what string) []field {
		return []field{{"id", digits, always}, {"type", one(what), always}, {"deleted", boolean, always}}
	}
	const (
		m     = "/v1/manage/"
		full  = `{"name":"Pricing","description":"Money.","categories":["Sales"],"languages":["en-US"],"vocabulary":["too dear","don't pay"],"excludeVocabulary":["fee"]}`
		patch = `[{"op":"replace","path":"/vocabulary","value":["a discount","half-price"]},{"op":"replace","path":"/excludeVocabulary","value":"fee"},{"op":"replace","path":"/categories","value":["Sales"]}]`
	)
	return []call{
		{"POST /v1/manage/tracker", []request{{"POST", m + "tracker", full, 200}}, single("tracker", tracker)},
		{"POST /v1/manage/trackers", []request{
			{"POST", m + "trackers", `[{"name":"A","vocabulary":["a"],"categories":["x"],"excludeVocabulary":["y"]},{"name":"B","vocabulary":["b"]}]`, 200},
		}, several("trackers", tracker)},
		{"POST /v1/manage/trackers/bulk", []request{{"POST", m + "trackers/bulk", `[{"name":"C","vocabulary":["c"],"categories":["x"],"excludeVocabulary":["y"]}]`, 200}}, several("trackers", tracker)},
		{"GET /v1/manage/trackers", []request{{"GET", m + "trackers", "", 200}, {"GET", m + "trackers?&name=Pricing", "", 200}, {"GET", m + "trackers?name=None", "", 200}}, several("trackers", tracker)},
		{"PUT /v1/manage/tracker/{trackerId}", []request{{"PUT", m + "tracker/{tracker}", `{"id":"{tracker}","name":"Promotion","vocabulary":["sale"],"categories":["x"],"excludeVocabulary":["y"]}`, 200}}, single("tracker", tracker)},
		{"PATCH /v1/manage/trackers/{trackerId}", []request{{"PATCH", m + "trackers/{tracker}", patch, 200}}, single("tracker", tracker)},
		{"GET /v1/manage/tracker/{trackerId}", []request{{"GET", m + "tracker/{tracker}", "", 200}, {"GET", m + "trackers/{tracker}", "", 200}}, single("tracker", tracker)},
		{"DELETE /v1/manage/tracker/{trackerId}", []request{{"DELETE", m + "tracker/{tracker}", "", 200}}, deleted("tracker")},
		{"POST /v1/manage/group", []request{{"POST", m + "group", `{"name":"Bens","criteria":"conversation.name==Ben"}`, 200}}, single("group", group)},
		{"POST /v1/manage/groups", []request{{"POST", m + "groups", `[{"name":"Cems","description":"All.","criteria":"conversation.name==Cem"}]`, 200}}, several("groups", group)},
		{"POST /v1/manage/groups/bulk", []request{{"POST", m + "groups/bulk", `[{"name":"Dans","criteria":"conversation.name==Dan"}]`, 200}}, several("groups", group)},
		{"GET /v1/manage/groups", []request{{"GET", m + "groups", "", 200}}, several("groups", group)},
		{"GET /v1/manage/group/{groupId}", []request{{"GET", m + "group/{group}", "", 200}}, single("group", group)},
		{"PUT /v1/manage/group/{groupId}", []request{{"PUT", m + "group/{group}", `{"id":"{group}","name":"Johns","criteria":"conversation.metadata.agentId==john"}`, 200}}, single("group", group)},
		{"PATCH /v1/manage/group/{groupId}", []request{{"PATCH", m + "group/{group}", `[{"op":"replace","path":"/description","value":"All."}]`, 200}}, single("group", group)},
		{"DELETE /v1/manage/group/{groupId}", []request{{"DELETE", m + "group/{group}", "", 200}}, deleted("group")},
		{"POST /v1/manage/entity", []request{{"POST", m + "entity", `{"type":"vehicle","values":["van"]}`, 200}}, both},
		{"POST /v1/manage/entities/bulk", []request{{"POST", m + "entities/bulk", `[{"type":"vehicle","subType":"bus","values":["coach"]}]`, 200}}, several("entities", entity)},
		{"GET /v1/manage/entities", []request{{"GET", m + "entities", "", 200}, {"GET", m + "entities?subType=bus", "", 200}}, several("entities", entity)},
		{"GET /v1/manage/entities/{entityId}", []request{{"GET", m + "entities/{entity}", "", 200}, {"GET", m + "entity/{entity}", "", 200}}, both},
		{"PUT /v1/manage/entities/{entityId}", []request{{"PUT", m + "entities/{entity}", `{"type":"vehicle","subType":"car","category":"Custom","values":["limousine"]}`, 200}}, both},
		{"PATCH /v1/manage/entities/{entityId}", []request{{"PATCH", m + "entities/{entity}", `[{"op":"add","path":"/values","value":["coupe"]}]`, 200}}, both},
		{"DELETE /v1/manage/entities", []request{{"DELETE", m + "entities?subType=bus", "", 200}}, []field{
			{"ids", list, ours}, {"ids[]", digits, ours}, {"type", one("entity"), ours}, {"deleted", boolean, ours},
		}},
		{"DELETE /v1/manage/entities/{entityId}", []request{{"DELETE", m + "entities/{entity}", "", 200}}, deleted("entity")},
		{"DELETE /v1/conversations/{conversationId}", []request{{"DELETE", "/v1/conversations/{id}", "", 200}}, doneFields},
	}
}
