package httpapi

import "net/http"

func (a *API) conversationRoutes() []route {
	return []route{
		{"GET /v1/conversations/{id}", http.StatusOK, a.conversation},
		{"GET /v1/conversations/{id}/messages", http.StatusOK, a.messages},
	}
}
