package compat

// textCalls are those about tokens, text and jobs.
func textCalls() []call {
	token := []field{
		{"accessToken", jwt, always},
		{"expiresIn", integer, always},
		{"refershToken", text, never},
	}
	receipt := []field{
		{"conversationId", digits, always},
		{"jobId", uuid, always},
	}
	const hello = `{"messages":[{"payload":{"content":"Hello."}}]}`
	return []call{
		{"POST /oauth2/token:generate", []request{
			{"POST", "/oauth2/token:generate", `{"type":"application","appId":"{app}","appSecret":"{secret}","AuthURI":"x"}`, 200},
			{"POST", "/oauth2/token%3Agenerate", `{"type":"application","appId":"{app}","appSecret":"{secret}"}`, 200},
		}, token},
		{"POST /oauth2/token:refresh", []request{{"POST", "/oauth2/token:refresh", `{"appId":"{app}","appSecret":"{secret}","refreshToken":"{token}"}`, 200}}, token},
		{"POST /v1/process/text", []request{{"POST", "/v1/process/text", hello, 201}}, receipt},
		{"PUT /v1/process/text/{conversationId}", []request{{"PUT", "/v1/process/text/{id}", hello, 201}}, receipt},
		{"GET /v1/job/{jobId}", []request{{"GET", "/v1/job/{job}", "", 200}, {"GET", "/v1/job/{failed}", "", 200}}, []field{
			{"id", uuid, always},
			{"status", one("scheduled", "in_progress", "completed", "failed"), always},
			{"message", word, oursAtTimes},
			{"conversationId", digits, ours},
			{"acceptedAt", instant, ours},
			{"startedAt", instant, oursAtTimes},
			{"finishedAt", instant, oursAtTimes},
			{"analyzers", list, oursAtTimes},
			{"analyzers[]", one("local", "external"), oursAtTimes},
		}},
		{"GET /v1/job/{jobId}/attempts", []request{{"GET", "/v1/job/{job}/attempts", "", 200}}, []field{{"attempts", bare, ours}}},
		{"errors of /v1", []request{
			{"GET", "/v1/conversations/1", "", 404},
			{"GET", "/v1/conversations?limit=-1", "", 400},
			{"POST", "/v1/conversations", "", 405},
			{"GET", "/v1/nowhere", "", 404},
			{"POST", "/oauth2/token:generate", `{"type":"application","appId":"{app}","appSecret":"wrong"}`, 401},
		}, []field{
			{"statusCode", integer, always},
			{"message", word, always},
			{"code", text, never},
			{"url", text, never},
		}},
	}
}
