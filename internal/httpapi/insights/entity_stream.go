package insights

import (
	"cmp"
	"iter"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// An entityStream is the answer {"entities":[…]} of which the messages are read again
// while it is written: entities that are few in several ones together, those that are
// many as they go.
type entityStream struct {
	x            *edge.Exchange
	conversation conversation.Conversation
	from         conversations.Store
	marks        []mark
}

// MarshalJSONTo implements [json.MarshalerTo].
func (s entityStream) MarshalJSONTo(enc *jsontext.Encoder) error {
	return json.MarshalEncode(enc, struct {
		Entities list[entityView] `json:"entities"`
	}{list[entityView]{each: edge.InTurns(s.x, s.views())}})
}

func (s entityStream) views() iter.Seq2[entityView, error] {
	return func(yield func(entityView, error) bool) {
		for some, alone := range groups(s.marks, func(m mark) uint32 { return m.item }) {
			views, err := s.viewsOf(some, alone)
			if err != nil {
				yield(entityView{}, err)
				return
			}
			for _, v := range views {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

// viewsOf returns the entities of some marks, or the one entity that has too many to be
// held.
func (s entityStream) viewsOf(some []mark, alone bool) ([]entityView, error) {
	if alone {
		first, err := s.first(some)
		v := entityViewOf(first.entity)
		v.MessageRefs.each, v.Matches.each = s.refs(some), s.matches(some)
		return []entityView{v}, err
	}
	entities := newEntityList()
	for o, err := range s.occurrences(inOrder(some)) {
		if err != nil {
			return nil, err
		}
		entities.add(o.entity, o.view)
	}
	return entities.views, nil
}

// matches yields the spellings of an entity, of which these are the marks.
func (s entityStream) matches(of []mark) iter.Seq2[spellingView, error] {
	return func(yield func(spellingView, error) bool) {
		bySpelling := of
		if slices.ContainsFunc(of, func(m mark) bool { return m.part != of[0].part }) {
			bySpelling = slices.Clone(of)
			slices.SortStableFunc(bySpelling, func(a, b mark) int { return cmp.Compare(a.part, b.part) })
		}
		for some, alone := range groups(bySpelling, func(m mark) uint32 { return m.part }) {
			views, err := s.spellingsOf(some, alone)
			if err != nil {
				yield(spellingView{}, err)
				return
			}
			for _, v := range views {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

func (s entityStream) spellingsOf(some []mark, alone bool) ([]spellingView, error) {
	if alone {
		first, err := s.first(some)
		return []spellingView{{first.entity.Text, list[occurrenceView]{each: s.refs(some)}}}, err
	}
	entities := newEntityList()
	for o, err := range s.occurrences(inOrder(some)) {
		if err != nil {
			return nil, err
		}
		entities.add(o.entity, o.view)
	}
	return entities.views[0].Matches.all, nil
}

func (s entityStream) refs(of []mark) iter.Seq2[occurrenceView, error] {
	return func(yield func(occurrenceView, error) bool) {
		for o, err := range s.occurrences(of) {
			if !yield(o.view, err) {
				return
			}
		}
	}
}

// first returns the first of the occurrences.
func (s entityStream) first(of []mark) (o occurrence, err error) {
	for o, err = range s.occurrences(of[:1]) {
		break
	}
	return o, err
}

// An occurrence is an entity as it stands in a message.
type occurrence struct {
	entity conversation.Entity
	view   occurrenceView
}

// occurrences yields what stands where the marks are, which are in the order of the
// messages.
func (s entityStream) occurrences(marks []mark) iter.Seq2[occurrence, error] {
	return func(yield func(occurrence, error) bool) {
		for k, err := range read(s.x.Reading(), s.from, s.x.Account.ID, s.conversation.ID, slices.Values(marks)) {
			if err != nil {
				yield(occurrence{}, err)
				return
			}
			e := k.in.message.Entities[k.ordinal]
			if !yield(occurrence{e, k.in.occurrence(e.Offset)}, nil) {
				return
			}
		}
	}
}
