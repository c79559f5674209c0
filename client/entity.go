package client

import (
	"context"
	"net/http"
	"net/url"
)

// An Entity is a saved kind of term to find in text, with its values.
type Entity struct {
	ID       string   `json:"id,omitempty"`
	Type     string   `json:"type"`
	SubType  string   `json:"subType"`
	Category string   `json:"category,omitempty"` // "Custom"
	Values   []string `json:"values"`
}

type oneEntity struct {
	Entity Entity `json:"entity"`
}

type manyEntities struct {
	Entities []Entity `json:"entities"`
}

// CreateEntities saves all of the entities, or none of them.
func (c *Client) CreateEntities(ctx context.Context, all []Entity) ([]Entity, error) {
	made, err := create[manyEntities](ctx, c, all, "v1", "manage", "entities", "bulk")
	return made.Entities, err
}

// Entities returns the saved entities of the account, or only those that have
// the subType if that is not empty.
func (c *Client) Entities(ctx context.Context, subType string) ([]Entity, error) {
	query := url.Values{}
	if subType != "" {
		query.Set("subType", subType)
	}
	list, err := get[manyEntities](ctx, c, query, "v1", "manage", "entities")
	return list.Entities, err
}

// Entity returns a saved entity.
func (c *Client) Entity(ctx context.Context, id string) (Entity, error) {
	found, err := get[oneEntity](ctx, c, nil, "v1", "manage", "entities", id)
	return found.Entity, err
}

// UpdateEntity replaces the entity with the ID of e.
func (c *Client) UpdateEntity(ctx context.Context, e Entity) (Entity, error) {
	changed, err := set[oneEntity](ctx, c, http.MethodPut, e, "v1", "manage", "entities", e.ID)
	return changed.Entity, err
}

// DeleteEntity deletes a saved entity.
func (c *Client) DeleteEntity(ctx context.Context, id string) error {
	return remove(ctx, c, "v1", "manage", "entities", id)
}
