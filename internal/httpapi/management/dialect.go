package management

import (
	"slices"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// Conversations lists the conversations of an account that fit the criteria,
// in the form of GET /v1/conversations.
type Conversations interface {
	List(x *edge.Exchange, criteria query.Filter) (any, error)
}

type handlers struct {
	groups        *catalog.Collection[catalog.Group]
	conversations Conversations
}

// Dialect returns the routes for what accounts save. The names of both generations
// of the documents are served, with the same answers.
func Dialect(saved *catalog.Catalog, lists Conversations) edge.Dialect {
	trackers := collection[catalog.Tracker, trackerBody]{
		items: saved.Trackers, one: "tracker", many: "trackers", view: viewOfTracker,
		selector: "name", value: func(t catalog.Tracker) string { return t.Name },
	}
	groups := collection[catalog.Group, groupBody]{
		items: saved.Groups, one: "group", many: "groups", view: viewOfGroup,
		selector: "name", value: func(g catalog.Group) string { return g.Name },
	}
	entities := collection[catalog.Entity, entityBody]{
		items: saved.Entities, one: "entity", many: "entities", view: viewOfEntity,
		selector: "subType", value: func(e catalog.Entity) string { return e.SubType },
		idOf: func(e catalog.Entity) string { return e.ID }, flat: flatViewOfEntity,
	}
	h := &handlers{saved.Groups, lists}
	return edge.Dialect{Routes: slices.Concat(trackers.routes(), groups.routes(), entities.routes(), []edge.Route{
		edge.OK("DELETE /v1/manage/entity", entities.deleteSelected).Takes(entities.selector),
		edge.OK("DELETE /v1/manage/entities", entities.deleteSelected).Takes(entities.selector),
		edge.OK("GET /v1/groups/{id}/conversations", h.groupConversations).Takes(conversations.ListParams()...),
	})}
}

func (s collection[T, B]) routes() []edge.Route {
	var all []edge.Route
	for _, name := range []string{s.one, s.many} {
		base := "/v1/manage/" + name
		all = append(
			all,
			edge.OK("POST "+base, s.create),
			edge.OK("POST "+base+"/bulk", s.create),
			edge.OK("GET "+base, s.list).Takes(s.selector),
			edge.OK("GET "+base+"/{id}", s.get),
			edge.OK("PUT "+base+"/{id}", s.replace),
			edge.OK("PATCH "+base+"/{id}", s.patch),
			edge.OK("DELETE "+base+"/{id}", s.delete),
		)
	}
	return all
}
