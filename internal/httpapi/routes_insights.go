package httpapi

import "net/http"

func (a *API) insightRoutes() []route {
	return []route{
		{"GET /v1/conversations/{id}/analytics", http.StatusOK, a.analytics},
		{"GET /v1/conversations/{id}/insights", http.StatusOK, a.insights},
		{"GET /v1/conversations/{id}/questions", http.StatusOK, a.questions},
		{"GET /v1/conversations/{id}/action-items", http.StatusOK, a.actionItems},
		{"GET /v1/conversations/{id}/comprehensive/action-items", http.StatusOK, a.comprehensiveActionItems},
		{"GET /v1/conversations/{id}/follow-ups", http.StatusOK, a.followUps},
		{"GET /v1/conversations/{id}/topics", http.StatusOK, a.topics},
		{"GET /v1/conversations/{id}/abstract-topics", http.StatusOK, a.abstractTopics},
		{"GET /v1/conversations/{id}/entities", http.StatusOK, a.entities},
		{"GET /v1/conversations/{id}/intents", http.StatusOK, a.intents},
		{"GET /v1/conversations/{id}/trackers", http.StatusOK, a.trackersDetected},
		{"GET /v1/conversations/{id}/trackers-detected", http.StatusOK, a.trackersDetected},
		{"GET /v1/conversations/{id}/summary", http.StatusOK, a.summary},
		{"POST /v1/conversations/{id}/summary", http.StatusOK, a.refreshSummary},
	}
}
