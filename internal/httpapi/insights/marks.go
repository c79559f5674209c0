package insights

import (
	"cmp"
	"hash/maphash"
	"iter"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// keptEntities is how many bytes of entities are kept for their readers, and how many an
// answer holds that has more: of these the messages are read again, where they are told.
const keptEntities = 512 << 10

// A list is answered as an array, whose items are read while it is written if they are
// too many to be held.
type list[T any] struct {
	all  []T
	each iter.Seq2[T, error] // nil if they are held
}

// MarshalJSONTo implements [json.MarshalerTo].
func (l list[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if l.each == nil {
		return json.MarshalEncode(enc, l.all)
	}
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for item, err := range l.each {
		if err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, &item); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}

// A mark says where an entity occurs. Entities, and their spellings, are numbered in the
// order in which they occur first.
type mark struct {
	entity, spelling uint32
	message          uint32 // its index in the conversation
	ordinal          uint32 // of the entities of that message
	bytes            uint16 // the weight of the occurrence
}

const perMark = 20 // bytes

// foundEntities are the entities of a conversation for its readers: all of them if they
// are few, else where they occur.
type foundEntities struct {
	list  *entityList // nil if they are many
	marks []mark      // nil if they are few; by entity, and in the order of the messages

	messages int // so far

	// Numbers by what a hash of entities and spellings returns, because many of these
	// would take much memory. Its seed is random, so nobody can choose two of one value.
	seed      maphash.Seed
	entities  map[uint64]uint32
	spellings map[uint64]uint32
}

func newFoundEntities() *foundEntities {
	return &foundEntities{
		list: newEntityList(), seed: maphash.MakeSeed(), entities: map[uint64]uint32{}, spellings: map[uint64]uint32{},
	}
}

// addMessage adds the entities of a message. It returns false if there is no room
// for more.
func (f *foundEntities) addMessage(m conversation.Message) bool {
	from := sourceOf(m)
	for n, e := range m.Entities {
		if len(f.marks) == maxOccurrences {
			return false
		}
		occurrence := from.occurrence(e.Offset)
		entity := number(f.entities, maphash.Comparable(f.seed, keyOf(e)))
		f.marks = append(f.marks, mark{
			entity:   entity,
			spelling: number(f.spellings, maphash.Comparable(f.seed, spelling{int(entity), e.Text})),
			message:  uint32(f.messages),         //nolint:gosec // nobody has so many
			ordinal:  uint32(n),                  //nolint:gosec // likewise
			bytes:    uint16(weight(occurrence)), //nolint:gosec // quotes are shorter
		})
		if f.list != nil {
			f.list.add(e, occurrence)
			if f.list.bytes > keptEntities {
				f.list = nil
			}
		}
	}
	f.messages++
	return true
}

// number returns the number of a value, the next one if it is new.
func number(numbers map[uint64]uint32, value uint64) uint32 {
	n, known := numbers[value]
	if !known {
		n = uint32(len(numbers)) //nolint:gosec // as many as occurrences at most
		numbers[value] = n
	}
	return n
}

// end ends the reading and returns the size of what is kept, in bytes.
func (f *foundEntities) end() int {
	f.entities, f.spellings = nil, nil
	if f.list != nil {
		f.marks = nil
		f.list.entities, f.list.spellings = nil, nil
		return f.list.bytes
	}
	f.marks = slices.Clip(f.marks)
	slices.SortStableFunc(f.marks, func(a, b mark) int { return cmp.Compare(a.entity, b.entity) })
	return perMark * len(f.marks)
}

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
		for some, alone := range groups(s.marks, func(m mark) uint32 { return m.entity }) {
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
		if slices.ContainsFunc(of, func(m mark) bool { return m.spelling != of[0].spelling }) {
			bySpelling = slices.Clone(of)
			slices.SortStableFunc(bySpelling, func(a, b mark) int { return cmp.Compare(a.spelling, b.spelling) })
		}
		for some, alone := range groups(bySpelling, func(m mark) uint32 { return m.spelling }) {
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
		next := 0
		for m, err := range s.from.MessagesAt(s.x.Reading(), s.x.Account.ID, s.conversation.ID, messagesOf(marks)) {
			if err != nil {
				yield(occurrence{}, err)
				return
			}
			from := sourceOf(m)
			for here := marks[next].message; next < len(marks) && marks[next].message == here; next++ {
				e := m.Entities[marks[next].ordinal]
				if !yield(occurrence{e, from.occurrence(e.Offset)}, nil) {
					return
				}
			}
		}
	}
}

// messagesOf yields the messages of marks that are in their order, each once.
func messagesOf(marks []mark) iter.Seq[int] {
	return func(yield func(int) bool) {
		for n, m := range marks {
			if (n == 0 || marks[n-1].message != m.message) && !yield(int(m.message)) {
				return
			}
		}
	}
}

// inOrder returns marks in the order of the messages.
func inOrder(marks []mark) []mark {
	sorted := slices.Clone(marks)
	slices.SortFunc(sorted, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.message, b.message), cmp.Compare(a.ordinal, b.ordinal))
	})
	return sorted
}

// groups yields marks whose occurrences may be held together: as many in a row as fit,
// of which none is parted from others of its number, or those of one number alone, if
// they are too many to be held.
func groups(marks []mark, of func(mark) uint32) iter.Seq2[[]mark, bool] {
	return func(yield func([]mark, bool) bool) {
		held := 0
		from := 0
		for at := 0; at < len(marks); {
			to, bytes := at, 0
			for ; to < len(marks) && of(marks[to]) == of(marks[at]); to++ {
				bytes += int(marks[to].bytes)
			}
			if held+bytes > keptEntities && from < at {
				if !yield(marks[from:at], false) {
					return
				}
				from, held = at, 0
			}
			if held += bytes; held > keptEntities {
				if !yield(marks[at:to], true) {
					return
				}
				from, held = to, 0
			}
			at = to
		}
		if from < len(marks) {
			yield(marks[from:], false)
		}
	}
}
