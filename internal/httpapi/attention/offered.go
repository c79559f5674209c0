package attention

// notOffered lists the addresses of the v2 API that this one has not: those for what
// is not kept of conversations, and those that clients look for beside.
func notOffered() []string {
	return []string{
		"GET /v2/conversations/{id}/participants",
		"GET /v2/conversations/upload-url",
		"POST /v2/conversations/upload-url",
		"GET /v2/labels",
		"POST /v2/labels",
		"GET /v2/labels/{id}",
		"PUT /v2/labels/{id}",
		"DELETE /v2/labels/{id}",
		"GET /v2/users",
		"GET /v2/users/{id}",
		"GET /v2/teams",
		"GET /v2/teams/{id}",
		"GET /v2/scorecards",
		"GET /v2/scorecards/{id}",
	}
}
