package catalog

import (
	"fmt"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation/query"
)

// A Group is a set of conversations, defined by criteria.
type Group struct {
	ItemMeta `json:"-"`

	Name        string `json:"name"` // unique in its account, by case too
	Description string `json:"description,omitempty"`
	Criteria    string `json:"criteria"` // in RSQL
}

// Filter returns the criteria as a filter.
func (g Group) Filter() (query.Filter, error) {
	f, err := query.Parse(g.Criteria)
	if err != nil {
		return nil, fmt.Errorf("read the criteria of group %s: %w", g.ID, err)
	}
	return f, nil
}

func (Group) kind() Kind            { return GroupKind }
func (Group) values() int           { return 0 }
func (g Group) key() string         { return g.Name }
func (g Group) saved() ItemMeta     { return g.ItemMeta }
func (g Group) as(s ItemMeta) Group { g.ItemMeta = s; return g }

func (g Group) checked() (Group, error) {
	var c check
	g.Name = c.line("name", g.Name, maxName)
	g.Description = c.text("description", g.Description, maxText)
	if strings.TrimSpace(g.Criteria) == "" {
		c.fail("criteria", "is not allowed to be empty")
	} else if _, err := query.Parse(g.Criteria); err != nil {
		c.fail("criteria", err.Error()) // it says where
	}
	return g, c.err
}

func (g Group) patched(ops []Op) (Group, error) {
	err := patch(ops, []field{
		{"/name", text{&g.Name}},
		{"/description", text{&g.Description}},
		{"/criteria", text{&g.Criteria}},
	})
	return g, err
}
