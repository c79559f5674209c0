package httpapi

import "net/http"

func (a *API) insightRoutes() []route {
	return []route{
		{"GET /v1/conversations/{id}/insights", http.StatusOK, a.insights},
	}
}
