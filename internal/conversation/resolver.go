package conversation

import (
	"cmp"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Keys returns the keys under which a speaker may be known, the strongest
// first: "u:" and the user id, "i:" and the caller's id, "n:" and the name;
// case and surrounding blanks do not matter. An anonymous speaker has none.
func (s Speaker) Keys() []string {
	var keys []string
	for _, k := range [...]struct{ prefix, value string }{{"u:", s.UserID}, {"i:", s.ID}, {"n:", s.Name}} {
		if v := strings.ToLower(strings.TrimSpace(k.value)); v != "" {
			keys = append(keys, k.prefix+v)
		}
	}
	return keys
}

// A Resolver recognises the speakers of jobs as members of their conversation.
// It holds those members only whom the speakers at hand may be, and what the
// jobs before changed, so several jobs can be worked before any is stored.
type Resolver struct {
	conversationID string
	acceptedAt     time.Time
	byKey          map[string]string
	members        map[string]Member
	changed        Changes
	added          int
}

// Changes are what a [Resolver] wants stored.
type Changes struct {
	Members []Member          // new, or with a field that was unknown before
	Keys    map[string]string // key of a speaker → member id
}

// NewResolver returns the roster of a conversation, knowing nobody.
func NewResolver(conversationID string) *Resolver {
	return &Resolver{
		conversationID: conversationID,
		byKey:          map[string]string{},
		members:        map[string]Member{},
	}
}

// Begin starts a job that was accepted at the given time: what [Resolver.Resolve]
// changes from now on belongs to it.
func (r *Resolver) Begin(at time.Time) {
	r.acceptedAt, r.added = at, 0
	r.changed = Changes{Keys: map[string]string{}}
}

// Load tells the roster that, as stored, key stands for m. What an earlier job
// has changed since wins.
func (r *Resolver) Load(key string, m Member) {
	if _, newer := r.byKey[key]; !newer {
		r.byKey[key] = m.ID
	}
	if _, newer := r.members[m.ID]; !newer {
		r.members[m.ID] = m
	}
}

// Resolve returns the id of the member who is s, making one if need be. A
// user id decides over an id, an id over a name: two people of one name with
// two user ids are two members, and somebody known by name only becomes the
// first user id of that name. An anonymous speaker is nobody: "".
func (r *Resolver) Resolve(s Speaker) string {
	keys := s.Keys()
	if len(keys) == 0 {
		return ""
	}
	id, known := r.find(keys, s)
	if !known {
		id = r.add(keys[0], s)
	}
	r.complete(id, s)
	for _, key := range keys {
		r.bind(key, id)
	}
	return id
}

// Changes returns what Resolve has changed since Begin.
func (r *Resolver) Changes() Changes { return r.changed }

func (r *Resolver) find(keys []string, s Speaker) (id string, known bool) {
	for _, key := range keys {
		id, known = r.byKey[key]
		if known && !r.members[id].contradicts(s, key) {
			return id, true
		}
	}
	return "", false
}

// contradicts reports that s, known by key, must be somebody else, because
// something that decides over that key tells them apart.
func (m Member) contradicts(s Speaker, key string) bool {
	differ := func(a, b string) bool {
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		return a != "" && b != "" && !strings.EqualFold(a, b)
	}
	switch key[0] {
	case 'i':
		return differ(m.UserID, s.UserID)
	case 'n':
		return differ(m.UserID, s.UserID) || differ(m.Ref, s.ID) && s.ID != m.ID
	}
	return false
}

// add makes a member whose id follows from the conversation and the key, so
// that a job that runs twice makes the same member.
func (r *Resolver) add(key string, s Speaker) string {
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("turnwise:"+r.conversationID+"/"+key)).String()
	m := Member{ID: id, Name: strings.TrimSpace(s.Name), UserID: strings.TrimSpace(s.UserID), Ref: strings.TrimSpace(s.ID), Since: r.acceptedAt.UnixMilli(), Index: r.added}
	r.added++
	r.put(m)
	r.bind("i:"+id, id) // callers send the ids back that they read
	return id
}

func (r *Resolver) bind(key, id string) {
	if _, taken := r.byKey[key]; !taken {
		r.byKey[key] = id
		r.changed.Keys[key] = id
	}
}

func (r *Resolver) complete(id string, s Speaker) {
	m := r.members[id]
	before := m
	if m.Name == "" {
		m.Name = strings.TrimSpace(s.Name)
	}
	if m.UserID == "" {
		m.UserID = strings.TrimSpace(s.UserID)
	}
	if m.Ref == "" && s.ID != m.ID {
		m.Ref = strings.TrimSpace(s.ID)
	}
	if m != before {
		r.put(m)
	}
}

func (r *Resolver) put(m Member) {
	r.members[m.ID] = m
	for i := range r.changed.Members {
		if r.changed.Members[i].ID == m.ID {
			r.changed.Members[i] = m
			return
		}
	}
	r.changed.Members = append(r.changed.Members, m)
}

// Compare orders members by when they came.
func (m Member) Compare(n Member) int {
	return cmp.Or(cmp.Compare(m.Since, n.Since), cmp.Compare(m.Index, n.Index), cmp.Compare(m.ID, n.ID))
}
