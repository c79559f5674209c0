package symbl

// notOffered lists the addresses of Symbl's API that this one has not: those for
// sound and video, for calls, for bookmarks, scores and pages, and for its model.
func notOffered() []string {
	return []string{
		"POST /v1/process/audio",
		"PUT /v1/process/audio/{conversationId}",
		"POST /v1/process/audio/url",
		"PUT /v1/process/audio/url/{conversationId}",
		"POST /v1/process/video",
		"PUT /v1/process/video/{conversationId}",
		"POST /v1/process/video/url",
		"PUT /v1/process/video/url/{conversationId}",
		"POST /v1/endpoint:connect",
		"POST /v1/event/{connectionId}",
		"POST /v1/insights",
		"GET /v1/conversations/{conversationId}/bookmarks",
		"POST /v1/conversations/{conversationId}/bookmarks",
		"GET /v1/conversations/{conversationId}/bookmarks/{bookmarkId}",
		"PUT /v1/conversations/{conversationId}/bookmarks/{bookmarkId}",
		"DELETE /v1/conversations/{conversationId}/bookmarks/{bookmarkId}",
		"GET /v1/conversations/{conversationId}/bookmarks/{bookmarkId}/summary",
		"GET /v1/conversations/{conversationId}/bookmarks-summary",
		"GET /v1/conversations/{conversationId}/callscore",
		"GET /v1/conversations/{conversationId}/callscore/status",
		"GET /v1/conversations/{conversationId}/lm-insights",
		"GET /v1/conversations/{conversationId}/lm-insights/status",
		"POST /v1/conversations/{conversationId}/experiences",
		"PUT /v1/conversations/{conversationId}/experiences/url",
		"GET /v1/conversations/experiences/insights/list",
		"GET /v1/conversations/experiences/insights/details/{conversationId}",
		"POST /v1/model/generate",
		"POST /v1/model/chat",
	}
}
