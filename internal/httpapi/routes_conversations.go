package httpapi

import "net/http"

func (a *API) conversationRoutes() []route {
	return []route{
		{"GET /v1/conversations", http.StatusOK, a.conversations},
		{"GET /v1/conversations/{id}", http.StatusOK, a.conversation},
		{"PUT /v1/conversations/{id}", http.StatusOK, a.update},
		{"DELETE /v1/conversations/{id}", http.StatusOK, a.remove},
		{"GET /v1/conversations/{id}/messages", http.StatusOK, a.messages},
		{"GET /v1/conversations/{id}/members", http.StatusOK, a.members},
		{"PUT /v1/conversations/{id}/members/{memberId}", http.StatusOK, a.updateMember},
		{"PUT /v1/conversations/{id}/speakers", http.StatusOK, a.speakers},
		{"POST /v1/conversations/{id}/transcript", http.StatusOK, a.transcript},
	}
}
