package httpapi

func (a *API) manageRoutes() []route { return nil }
