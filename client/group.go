package client

import (
	"context"
	"net/http"
)

// A Group is the set of conversations that match its criteria.
type Group struct {
	ID          string `json:"id,omitempty"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Criteria    string `json:"criteria"` // RSQL, such as `conversation.metadata.agentId==johndoe`
}

type oneGroup struct {
	Group Group `json:"group"`
}

// CreateGroup saves a group and returns it with its ID.
func (c *Client) CreateGroup(ctx context.Context, g Group) (Group, error) {
	g.ID = ""
	made, err := create[oneGroup](ctx, c, g, "v1", "manage", "group")
	return made.Group, err
}

// Groups returns the groups of the account.
func (c *Client) Groups(ctx context.Context) ([]Group, error) {
	list, err := get[struct {
		Groups []Group `json:"groups"`
	}](ctx, c, nil, "v1", "manage", "groups")
	return list.Groups, err
}

// Group returns a group.
func (c *Client) Group(ctx context.Context, id string) (Group, error) {
	found, err := get[oneGroup](ctx, c, nil, "v1", "manage", "group", id)
	return found.Group, err
}

// UpdateGroup replaces the group with the ID of g.
func (c *Client) UpdateGroup(ctx context.Context, g Group) (Group, error) {
	changed, err := set[oneGroup](ctx, c, http.MethodPut, g, "v1", "manage", "group", g.ID)
	return changed.Group, err
}

// DeleteGroup deletes a group. Its conversations stay.
func (c *Client) DeleteGroup(ctx context.Context, id string) error {
	return remove(ctx, c, "v1", "manage", "group", id)
}
