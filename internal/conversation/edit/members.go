package edit

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/turnwise/turnwise/internal/conversation"
)

// A memberSet is the members of a conversation while an edit changes them.
//
// Speakers of later messages are recognised by keys, see [conversation.Speaker].
// No key is ever removed, because messages may still come under a name that
// was corrected. A key belongs to the member that has it by name or by id. If
// several members have it, or none, it stays with the member it belonged to.
type memberSet struct {
	snapshot  Snapshot
	members   map[string]*conversation.Member // by id
	byKey     map[string][]*conversation.Member
	keys      map[string]string
	merged    map[string]string
	since     int64 // of new members
	nextIndex int   // of the next new member

	read map[Entry]bool // entries of the snapshot that the changes depend on
}

func newMemberSet(p Snapshot) *memberSet {
	r := &memberSet{
		snapshot: p,
		members:  make(map[string]*conversation.Member, len(p.Members)),
		byKey:    make(map[string][]*conversation.Member, len(p.Keys)),
		keys:     maps.Clone(p.Keys),
		merged:   maps.Clone(p.Merged),
		since:    time.Now().UnixMilli(),
		read:     map[Entry]bool{},
	}
	for _, m := range p.Members { // in order: a new member comes after the last one
		r.put(&m)
		if m.Since >= r.since {
			r.since, r.nextIndex = m.Since, m.Index+1
		}
	}
	return r
}

func (r *memberSet) put(m *conversation.Member) {
	r.members[m.ID] = m
	for _, key := range m.Keys() {
		r.byKey[key] = append(r.byKey[key], m)
	}
}

func (r *memberSet) remove(m *conversation.Member) {
	delete(r.members, m.ID)
	for _, key := range m.Keys() {
		r.byKey[key] = slices.DeleteFunc(r.byKey[key], func(b *conversation.Member) bool { return b == m })
	}
}

// resolve finds the member that is described, or adds one, and updates it. It
// returns its id, which is empty for an anonymous speaker.
func (r *memberSet) resolve(s conversation.Speaker) string {
	if len(s.Keys()) == 0 {
		return ""
	}
	m := r.find(s)
	if m == nil {
		m = &conversation.Member{ID: uuid.NewString(), Since: r.since, Index: r.nextIndex}
		r.nextIndex++
		r.put(m)
	}
	r.update(m, s)
	return m.ID
}

// byID returns the member with the id, or the one that it was merged into.
func (r *memberSet) byID(id string) *conversation.Member {
	if id == "" {
		return nil
	}
	member := cmp.Or(r.merged[id], id)
	r.read[Entry{MergedEntry, id}], r.read[Entry{MemberEntry, member}] = true, true
	return r.members[member]
}

// withKey returns the members that have a key.
func (r *memberSet) withKey(key string) []*conversation.Member {
	r.read[Entry{KeyEntry, key}] = true
	for _, m := range r.byKey[key] {
		r.read[Entry{MemberEntry, m.ID}] = true
	}
	return slices.Clone(r.byKey[key])
}

// reads returns the entries of the snapshot that the changes depend on.
func (r *memberSet) reads() []Entry { return slices.Collect(maps.Keys(r.read)) }

// find returns the member with the id, else the first member that the speaker
// may be, by the strongest key. It returns nil if there is none.
func (r *memberSet) find(s conversation.Speaker) *conversation.Member {
	if m := r.byID(strings.TrimSpace(s.ID)); m != nil {
		return m
	}
	for _, key := range s.Keys() {
		for _, m := range r.withKey(key) {
			if s.MayBe(*m, key) {
				return m
			}
		}
	}
	return nil
}

// update replaces the name and the user id of a member by those that are not
// empty, and sets the caller's id if it has none. Other members with the same
// user id are merged into it.
func (r *memberSet) update(m *conversation.Member, s conversation.Speaker) {
	ref := strings.TrimSpace(s.ID)
	if r.byID(ref) != nil {
		ref = "" // it is the id of a member
	}
	r.remove(m)
	m.Name = cmp.Or(strings.TrimSpace(s.Name), m.Name)
	m.UserID = cmp.Or(strings.TrimSpace(s.UserID), m.UserID)
	m.Ref = cmp.Or(m.Ref, ref)
	for _, key := range (conversation.Speaker{UserID: m.UserID}).Keys() {
		for _, other := range r.withKey(key) {
			r.merge(other, m)
		}
	}
	r.put(m)
	r.assignKeys(m)
}

// merge merges one member into another. The one that remains gets the name and
// the id that it lacks, and the place in the order of whoever came first.
func (r *memberSet) merge(other, into *conversation.Member) {
	r.remove(other)
	into.Name = cmp.Or(into.Name, other.Name)
	into.Ref = cmp.Or(into.Ref, other.Ref)
	if other.Compare(*into) < 0 {
		into.Since, into.Index = other.Since, other.Index
	}
	r.merged[other.ID] = into.ID
	for _, all := range [...]map[string]string{r.keys, r.merged} { // so that no id leads to another merged one
		for key, id := range all {
			if id == other.ID {
				all[key] = into.ID
			}
		}
	}
}

// assignKeys gives a member its keys, unless another member has them too.
func (r *memberSet) assignKeys(m *conversation.Member) {
	for _, key := range m.Keys() {
		r.read[Entry{KeyEntry, key}], r.read[Entry{MemberEntry, r.keys[key]}] = true, true
		if holder := r.members[r.keys[key]]; holder == nil || !slices.Contains(r.byKey[key], holder) {
			r.keys[key] = m.ID
		}
	}
}

// changes returns the difference to the snapshot.
func (r *memberSet) changes() MemberChanges {
	v := MemberChanges{Keys: difference(r.keys, r.snapshot.Keys), Merged: difference(r.merged, r.snapshot.Merged)}
	before := make(map[string]conversation.Member, len(r.snapshot.Members))
	for _, m := range r.snapshot.Members {
		before[m.ID] = m
	}
	for id, m := range r.members {
		if before[id] != *m {
			v.Members = append(v.Members, *m)
		}
	}
	return v
}

// difference returns the entries of one map that another has not.
func difference(of, in map[string]string) map[string]string {
	all := map[string]string{}
	for key, value := range of {
		if in[key] != value {
			all[key] = value
		}
	}
	return all
}
