package compat

import "slices"

// attentionCalls are those of the second vendor.
func attentionCalls() []call {
	person := []field{
		{"id", uuid, always},
		{"email", text, always},
		{"name", text, always},
		{"organizer", boolean, always},
		{"status", one("accepted"), always},
	}
	attributes := slices.Concat(
		each(text, "title", "userUUID", "teamUUID", "videoUID", "videoStatus", "crmExportStatus", "dealUUID", "emailTemplateID",
			"externalIntelligenceOpportunityID", "zoomMeetingJoinUrl", "googleMeetJoinUrl", "microsoftTeamsJoinUrl", "webexJoinUrl"),
		each(stamped, "createdAt", "finishedAt", "liveStreamStartedAt", "liveStreamEndedAt"),
		each(boolean, "archived", "referenceable", "private", "isInternal", "isEmpty"),
		each(bare, "bots", "boards", "talktracks", "scorecardResults", "linkedCrmRecords", "externalAccounts", "externalContacts",
			"labelTagsToFilterIfNA", "deprecatedLabelCategories"),
		each(strs, "importMetadata", "labels"),
		[]field{
			{"uuid", uuid, always},
			{"mediaDuration", number, always},
			{"mediaStorageStatus", one("ready", "pending", "unavailable"), always},
			{"transcriptStatus", one("completed", "pending", "failed"), always},
			{"importStatus", one("completed", "pending", "failed"), always},
			{"participants", list, always},
			{"attendees", list, always},
			{"externalOpportunity", record, always},
			{"externalOpportunity.uuid", text, always},
			{"externalOpportunity.title", text, always},
			{"externalId", text, ours},
			{"user", record, never},
			{"zoomMetadata", record, never},
		},
		within("participants[]", person), within("attendees[]", person),
	)
	intelligence := func(when presence) []field {
		return []field{{"extractedIntelligence", nothing, when}, {"confirmedExtractedIntelligence", nothing, when}}
	}
	resource := func(parts ...[]field) []field {
		return slices.Concat([]field{
			{"type", one("conversations"), always},
			{"id", uuid, always},
			{"attributes", record, always},
			{"links", record, always},
			{"links.self", relative, always},
			{"links.related", relative, never},
		}, within("attributes", slices.Concat(append(parts, attributes)...)))
	}
	whole := resource(intelligence(always), []field{{"transcript", text, always}})
	detailed := resource(intelligence(always), []field{
		{"transcript", either(text, list), always},
		{"transcript[].speaker", record, always},
		{"transcript[].speaker.id", text, always},
		{"transcript[].speaker.name", text, always},
		{"transcript[].speaker.email", text, always},
		{"transcript[].words", list, always},
		{"transcript[].words[].text", word, always},
		{"transcript[].words[].startTimestamp", number, always},
		{"transcript[].words[].endTimestamp", number, always},
	})
	page := func(when presence) []field {
		return slices.Concat([]field{
			{"data", list, always},
			{"links", record, always},
			{"links.self", relative, always},
			{"links.related", relative, sometimes},
			{"meta", record, always},
			{"meta.totalRecords", integer, always},
			{"meta.pageCount", integer, always},
			{"meta.pageNumber", integer, always},
			{"meta.pageSize", integer, always},
		}, within("data[]", resource(intelligence(when), []field{{"transcript", text, always}})))
	}
	const base = "/v2/conversations"
	put := func(path, body string) []request { return []request{{"PUT", base + "/{imported}" + path, body, 200}} }
	return []call{
		{"POST /v2/conversations/import", []request{{"POST", base + "/import", `{"mediaURL":"https://example.com/a.mp4","userID":"ana@example.com",
			"transcript":{"v2":{"final":[{"speaker":"Ana","words":[{"text":"Hello.","startTimestamp":0,"endTimestamp":1}]}]}}}`, 200}}, []field{{"uuid", uuid, always}}},
		{"GET /v2/conversations", []request{{"GET", base + "?size=1", "", 200}, {"GET", base + "?page[number]=1&page[size]=100", "", 200}}, page(always)},
		{"GET /v2/conversations/list", []request{{"GET", base + "/list?size=1", "", 200}, {"GET", base + "/list?withCrmRecords=true", "", 200}}, page(sometimes)},
		{"GET /v2/conversations/{id}", []request{
			{"GET", base + "/{imported}", "", 200}, {"GET", base + "/call-1?by=external_id", "", 200}, {"GET", base + "/{imported}?detailedTranscript=true", "", 200},
		}, detailed},
		{"GET /v2/conversations/by-external-id/{externalId}", []request{{"GET", base + "/by-external-id/call-1", "", 200}}, []field{{"conversation_id", uuid, always}}},
		{"PUT /v2/conversations/{id}", put("", `{"title":"Deal","labels":{"stage":"won"}}`), whole},
		{"PUT /v2/conversations/{id}/title", put("/title", `{"title":"Deal"}`), whole},
		{"PUT /v2/conversations/{id}/labels", put("/labels", `{"labels":{},"skip_analysis":true}`), whole},
		{"PUT /v2/conversations/{id}/change_privacy", put("/change_privacy", ""), whole},
		{"DELETE /v2/conversations/{id}", []request{{"DELETE", base + "/{imported}", "", 200}}, whole},
		{"errors of /v2", []request{{"GET", base + "/1", "", 404}, {"PUT", base + "/{imported}", `{"title":1}`, 400}}, []field{
			{"errors", list, ours},
			{"errors[].status", text, ours},
			{"errors[].title", text, ours},
			{"errors[].detail", text, ours},
			{"message", word, ours},
		}},
	}
}

// each is a field of the kind for every name, always there.
func each(is kind, names ...string) (fields []field) {
	for _, name := range names {
		fields = append(fields, field{name, is, always})
	}
	return fields
}
