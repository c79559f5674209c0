package httpapi

import (
	"net/http"
	"slices"

	"github.com/turnwise/turnwise/internal/catalog"
)

// manageRoutes lists the addresses of what accounts save. The names of both
// generations of the documents are served, and answer alike.
func (a *API) manageRoutes() []route {
	saved := a.deps.Catalog
	trackers := shelf[catalog.Tracker, trackerBody]{
		items: saved.Trackers, one: "tracker", many: "trackers", view: viewOfTracker,
		by: "name", of: func(t catalog.Tracker) string { return t.Name },
	}
	groups := shelf[catalog.Group, groupBody]{
		items: saved.Groups, one: "group", many: "groups", view: viewOfGroup,
		by: "name", of: func(g catalog.Group) string { return g.Name },
	}
	entities := shelf[catalog.Entity, entityBody]{
		items: saved.Entities, one: "entity", many: "entities", view: viewOfEntity,
		by: "subType", of: func(e catalog.Entity) string { return e.SubType },
	}
	return slices.Concat(trackers.routes(), groups.routes(), entities.routes(), []route{
		{"GET /v1/groups/{id}/conversations", http.StatusOK, a.groupConversations},
	})
}

func (s shelf[T, B]) routes() []route {
	var all []route
	for _, name := range []string{s.one, s.many} {
		base := "/v1/manage/" + name
		all = append(
			all,
			route{"POST " + base, http.StatusOK, s.create},
			route{"POST " + base + "/bulk", http.StatusOK, s.create},
			route{"GET " + base, http.StatusOK, s.list},
			route{"GET " + base + "/{id}", http.StatusOK, s.get},
			route{"PUT " + base + "/{id}", http.StatusOK, s.replace},
			route{"PATCH " + base + "/{id}", http.StatusOK, s.patch},
			route{"DELETE " + base + "/{id}", http.StatusOK, s.delete},
		)
	}
	return all
}
