package management

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// A trackerBody is a tracker as a caller writes it. A caller may send an answer
// back as it is.
type trackerBody struct {
	ID                input.ID            `json:"id"`
	Name              *string             `json:"name"`
	Description       string              `json:"description"`
	Categories        input.List[string]  `json:"categories"`
	Languages         input.List[string]  `json:"languages"`
	Vocabulary        *input.List[string] `json:"vocabulary"`
	ExcludeVocabulary input.List[string]  `json:"excludeVocabulary"`
	CreatedOn         jsontext.Value      `json:"createdOn"` // ignored, since the service sets it
	UpdatedOn         jsontext.Value      `json:"updatedOn"` // likewise
}

func (b trackerBody) id() string { return string(b.ID) }

func (b trackerBody) item() (t catalog.Tracker, field string, err error) {
	switch {
	case b.Name == nil:
		return t, "name", input.ErrRequired
	case b.Vocabulary == nil:
		return t, "vocabulary", input.ErrRequired
	}
	return catalog.Tracker{
		Name: *b.Name, Description: b.Description, Categories: b.Categories, Languages: b.Languages,
		Vocabulary: *b.Vocabulary, ExcludeVocabulary: b.ExcludeVocabulary,
	}, "", nil
}

type trackerView struct {
	ID                string   `json:"id"`
	Name              string   `json:"name"`
	Description       string   `json:"description"`
	Categories        []string `json:"categories"`
	Languages         []string `json:"languages"`
	Vocabulary        []string `json:"vocabulary"`
	ExcludeVocabulary []string `json:"excludeVocabulary"`
	CreatedOn         string   `json:"createdOn"`
	UpdatedOn         string   `json:"updatedOn"`
}

func viewOfTracker(t catalog.Tracker) any {
	return trackerView{
		ID: t.ID, Name: t.Name, Description: t.Description, Categories: t.Categories, Languages: t.Languages,
		Vocabulary: t.Vocabulary, ExcludeVocabulary: t.ExcludeVocabulary,
		CreatedOn: edge.FormatTime(t.Created), UpdatedOn: edge.FormatTime(t.Updated),
	}
}

// A groupBody is a group as a caller writes it, and as it is answered.
type groupBody struct {
	ID          input.ID `json:"id"`
	Name        *string  `json:"name"`
	Description string   `json:"description"`
	Criteria    *string  `json:"criteria"`
}

func (b groupBody) id() string { return string(b.ID) }

func (b groupBody) item() (g catalog.Group, field string, err error) {
	switch {
	case b.Name == nil:
		return g, "name", input.ErrRequired
	case b.Criteria == nil:
		return g, "criteria", input.ErrRequired
	}
	return catalog.Group{Name: *b.Name, Description: b.Description, Criteria: *b.Criteria}, "", nil
}

func viewOfGroup(g catalog.Group) any {
	return groupBody{ID: input.ID(g.ID), Name: &g.Name, Description: g.Description, Criteria: &g.Criteria}
}

// An entityBody is an entity as a caller writes it, and as it is answered.
type entityBody struct {
	ID       input.ID            `json:"id"`
	Type     *string             `json:"type"`
	SubType  string              `json:"subType"`
	Category string              `json:"category"` // "Custom", the only one that is saved
	Values   *input.List[string] `json:"values"`
}

const customCategory = "Custom"

func (b entityBody) id() string { return string(b.ID) }

func (b entityBody) item() (e catalog.Entity, field string, err error) {
	switch {
	case b.Type == nil:
		return e, "type", input.ErrRequired
	case b.Category != "" && !strings.EqualFold(b.Category, customCategory):
		return e, "category", input.BadValue("must be one of [" + customCategory + "]")
	case b.Values == nil:
		return e, "values", input.ErrRequired
	}
	return catalog.Entity{Type: *b.Type, SubType: b.SubType, Values: *b.Values}, "", nil
}

func viewOfEntity(e catalog.Entity) any {
	values := input.List[string](e.Values)
	return entityBody{ID: input.ID(e.ID), Type: &e.Type, SubType: e.SubType, Category: customCategory, Values: &values}
}

// A flatEntity is the answer about one entity: in the form of the
// documents, and beside it in that which Symbl's Go SDK decodes.
type flatEntity struct {
	Entity     any `json:"entity"`
	entityBody `json:",inline"`
}

func flatViewOfEntity(e catalog.Entity) any {
	view := viewOfEntity(e).(entityBody)
	return flatEntity{Entity: view, entityBody: view}
}

// An opBody is a step of a patch. The documents know the value as a string and
// as an array.
type opBody struct {
	Op    string                   `json:"op"`
	Path  string                   `json:"path"`
	Value *input.OneOrMore[string] `json:"value"`
}

// severalOrOne is an array of bodies, or a single one.
type severalOrOne[B any] struct {
	list    input.List[B]
	several bool
}

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (s *severalOrOne[B]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if s.several = dec.PeekKind() == jsontext.KindBeginArray; s.several {
		return s.list.UnmarshalJSONFrom(dec)
	}
	s.list = make(input.List[B], 1)
	return json.UnmarshalDecode(dec, &s.list[0])
}
