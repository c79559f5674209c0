package conversation

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// A Resolver recognises the speakers of jobs as members of their conversation.
// It needs only the members that the speakers may be. It keeps what earlier jobs
// have changed, so several jobs can be worked before any is stored.
type Resolver struct {
	conversationID string
	acceptedAt     time.Time
	byKey          map[string]string
	members        map[string]Member
	changed        Changes
	added          int
}

// Changes are the changes of a [Resolver] that are to be stored.
type Changes struct {
	Members []Member          // new, or with a field that was unknown before
	Keys    map[string]string // key of a speaker → member id
}

// NewResolver returns the Resolver of a conversation, without members.
func NewResolver(conversationID string) *Resolver {
	return &Resolver{
		conversationID: conversationID,
		byKey:          map[string]string{},
		members:        map[string]Member{},
	}
}

// Begin starts a job that was accepted at the given time. All that
// [Resolver.Resolve] changes from now on belongs to it.
func (r *Resolver) Begin(at time.Time) {
	r.acceptedAt, r.added = at, 0
	r.changed = Changes{Keys: map[string]string{}}
}

// Load adds a stored member and a key of it. What an earlier job has changed
// takes precedence.
func (r *Resolver) Load(key string, m Member) {
	if _, newer := r.byKey[key]; !newer {
		r.byKey[key] = m.ID
	}
	if _, newer := r.members[m.ID]; !newer {
		r.members[m.ID] = m
	}
}

// Resolve returns the id of the member that a speaker is, and adds one if there
// is none. [Speaker.MayBe] has the rules. A member that is known only by name
// gets the first user id of that name. An anonymous speaker has the id "".
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

// find returns the first member that the speaker may be, by the strongest key.
func (r *Resolver) find(keys []string, s Speaker) (id string, known bool) {
	for _, key := range keys {
		id, known = r.byKey[key]
		if known && s.MayBe(r.members[id], key) {
			return id, true
		}
	}
	return "", false
}

// add adds a member. Its id is derived from the conversation and the key, so
// that a job that runs twice adds the same member.
func (r *Resolver) add(key string, s Speaker) string {
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("turnwise:"+r.conversationID+"/"+key)).String()
	m := Member{ID: id, Name: strings.TrimSpace(s.Name), UserID: strings.TrimSpace(s.UserID), Ref: strings.TrimSpace(s.ID), Since: r.acceptedAt.UnixMilli(), Index: r.added}
	r.added++
	r.put(m)
	r.bind(m.idKey(), id)
	return id
}

// bind gives a key to a member unless another one has it.
func (r *Resolver) bind(key, id string) {
	if _, taken := r.byKey[key]; !taken {
		r.byKey[key] = id
		r.changed.Keys[key] = id
	}
}

// complete fills in what was unknown of a member.
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
