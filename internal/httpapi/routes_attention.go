package httpapi

func (a *API) attentionRoutes() []route { return nil }
