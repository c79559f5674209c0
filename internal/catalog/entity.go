package catalog

import "cmp"

// An Entity is a set of values to look for in messages, with their type.
type Entity struct {
	ItemMeta `json:"-"`

	Type    string   `json:"type"`
	SubType string   `json:"subType,omitempty"` // unique in its account and type, by case too
	Values  []string `json:"values"`
}

// Label returns the subtype, or the type if there is none.
func (e Entity) Label() string { return cmp.Or(e.SubType, e.Type) }

func (Entity) kind() Kind             { return EntityKind }
func (e Entity) values() int          { return len(e.Values) }
func (e Entity) key() string          { return e.Type + "\t" + e.SubType } // neither has a tab
func (e Entity) saved() ItemMeta      { return e.ItemMeta }
func (e Entity) as(s ItemMeta) Entity { e.ItemMeta = s; return e }

func (e Entity) checked() (Entity, error) {
	var c check
	e.Type = c.line("type", e.Type, maxTerm)
	if e.SubType != "" {
		e.SubType = c.line("subType", e.SubType, maxTerm)
	}
	e.Values = c.lines("values", e.Values, maxTerm)
	c.distinct("values", e.Values)
	c.notEmpty("values", e.Values)
	return e, c.err
}

func (e Entity) patched(ops []Op) (Entity, error) {
	err := patch(ops, []field{
		{"/type", text{&e.Type}},
		{"/subType", text{&e.SubType}},
		{"/values", list{&e.Values}},
	})
	return e, err
}
