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

// A memberSet is the members of a conversation while they are revised.
//
// By the keys the speakers of later messages are recognised. No key is ever
// given up, because messages under a name that was corrected keep coming. It
// means the member who bears it, by name or by id; the one it meant before if
// several do, or nobody does.
type memberSet struct {
	snapshot  Snapshot
	members   map[string]*conversation.Member // by id
	byKey     map[string][]*conversation.Member
	keys      map[string]string
	merged    map[string]string
	since     int64 // when those came who are new
	nextIndex int   // of the next one of them

	read map[Entry]bool // what of the picture was looked at
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
	for _, m := range p.Members { // in order: who is new comes after the last one
		r.put(&m)
		if m.Since >= r.since {
			r.since, r.nextIndex = m.Since, m.Index+1
		}
	}
	return r
}

func (r *memberSet) put(m *conversation.Member) {
	r.members[m.ID] = m
	for _, key := range bears(m) {
		r.byKey[key] = append(r.byKey[key], m)
	}
}

func (r *memberSet) remove(m *conversation.Member) {
	delete(r.members, m.ID)
	for _, key := range bears(m) {
		r.byKey[key] = slices.DeleteFunc(r.byKey[key], func(b *conversation.Member) bool { return b == m })
	}
}

// bears returns the keys of what is said of a member.
func bears(m *conversation.Member) []string {
	return append(conversation.Speaker{ID: m.Ref, UserID: m.UserID, Name: m.Name}.Keys(), "i:"+m.ID)
}

// resolve finds who is described, or makes them a member, and describes them so.
// It returns the id, which is empty for nobody.
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

// byID returns the member of the id, or into whom that one was merged.
func (r *memberSet) byID(id string) *conversation.Member {
	if id == "" {
		return nil
	}
	member := cmp.Or(r.merged[id], id)
	r.read[Entry{MergedEntry, id}], r.read[Entry{MemberEntry, member}] = true, true
	return r.members[member]
}

// withKey returns the members who bear a key.
func (r *memberSet) withKey(key string) []*conversation.Member {
	r.read[Entry{KeyEntry, key}] = true
	for _, m := range r.byKey[key] {
		r.read[Entry{MemberEntry, m.ID}] = true
	}
	return slices.Clone(r.byKey[key])
}

// reads returns what of the picture the revision follows from.
func (r *memberSet) reads() []Entry { return slices.Collect(maps.Keys(r.read)) }

// find returns the member of the id, else who bears the user id, else the
// first who bears the caller's id or the name and whom nothing stronger tells
// apart; nil if there is none.
func (r *memberSet) find(s conversation.Speaker) *conversation.Member {
	if m := r.byID(strings.TrimSpace(s.ID)); m != nil {
		return m
	}
	for _, key := range s.Keys() {
		for _, m := range r.withKey(key) {
			if !contradicts(m, s, key) {
				return m
			}
		}
	}
	return nil
}

// contradicts reports that s, who bears the key of a member, is somebody else.
func contradicts(m *conversation.Member, s conversation.Speaker, key string) bool {
	differ := func(a, b string) bool {
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		return a != "" && b != "" && !strings.EqualFold(a, b)
	}
	switch key[0] {
	case 'i':
		return differ(m.UserID, s.UserID)
	case 'n':
		return differ(m.UserID, s.UserID) || differ(m.Ref, s.ID)
	default:
		return false
	}
}

// update puts what is not empty in the place of what is known of a member.
// An id of the caller's is noted if there is none. Whoever has the same user
// id is merged into the member.
func (r *memberSet) update(m *conversation.Member, s conversation.Speaker) {
	ref := strings.TrimSpace(s.ID)
	if r.byID(ref) != nil {
		ref = "" // it is one of ours
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

// merge makes two members one. What was said of the other one that is not
// known of the one who remains is kept, as is the earlier arrival.
func (r *memberSet) merge(other, into *conversation.Member) {
	r.remove(other)
	into.Name = cmp.Or(into.Name, other.Name)
	into.Ref = cmp.Or(into.Ref, other.Ref)
	if other.Compare(*into) < 0 {
		into.Since, into.Index = other.Since, other.Index
	}
	r.merged[other.ID] = into.ID
	for _, all := range [...]map[string]string{r.keys, r.merged} { // nobody has to follow a chain
		for key, id := range all {
			if id == other.ID {
				all[key] = into.ID
			}
		}
	}
}

// assignKeys gives a member the keys that are theirs.
func (r *memberSet) assignKeys(m *conversation.Member) {
	for _, key := range bears(m) {
		r.read[Entry{KeyEntry, key}], r.read[Entry{MemberEntry, r.keys[key]}] = true, true
		if holder := r.members[r.keys[key]]; holder == nil || !slices.Contains(r.byKey[key], holder) {
			r.keys[key] = m.ID
		}
	}
}

// changes returns what has changed.
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

// difference returns what of one map is not so in another.
func difference(of, in map[string]string) map[string]string {
	all := map[string]string{}
	for key, value := range of {
		if in[key] != value {
			all[key] = value
		}
	}
	return all
}
