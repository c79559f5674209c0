package httpapi

import "net/http"

func (a *API) attentionRoutes() []route {
	return []route{
		{"GET /v2/conversations", http.StatusOK, a.resources},
		{"GET /v2/conversations/list", http.StatusOK, a.resources},
		{"GET /v2/conversations/{id}", http.StatusOK, a.resource},
		{"GET /v2/conversations/by-external-id/{externalId}", http.StatusOK, a.resourceByExternalID},
		{"PUT /v2/conversations/{id}", http.StatusOK, a.updateResource},
		{"PUT /v2/conversations/{id}/title", http.StatusOK, a.retitle},
		{"PUT /v2/conversations/{id}/labels", http.StatusOK, a.relabel},
		{"PUT /v2/conversations/{id}/change_privacy", http.StatusOK, a.togglePrivacy},
		{"PUT /v2/conversations/{id}/linked-crm-records", http.StatusOK, a.linkRecords},
		{"DELETE /v2/conversations/{id}", http.StatusOK, a.archive},
		{"POST /v2/conversations/import", http.StatusOK, a.importText},
	}
}
