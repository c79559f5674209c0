package conversation

import (
	"cmp"
	"strings"

	"github.com/turnwise/turnwise/internal/folding"
)

// A Speaker is the sender of a message as the caller described it. All fields
// may be empty.
type Speaker struct {
	ID     string `json:"id,omitempty"` // an id of the caller's, or that of a member
	UserID string `json:"userId,omitempty"`
	Name   string `json:"name,omitempty"`
}

// Keys returns the keys under which a speaker may be known, the strongest
// first: "u:" and the user id, "i:" and the caller's id, "n:" and the name.
// Case, surrounding blanks and how accents are written do not matter, see [folding].
// An anonymous speaker has none.
func (s Speaker) Keys() []string {
	var keys []string
	for _, k := range [...]struct{ prefix, value string }{{"u:", s.UserID}, {"i:", s.ID}, {"n:", s.Name}} {
		if v := folding.Fold(strings.TrimSpace(k.value)); v != "" {
			keys = append(keys, k.prefix+v)
		}
	}
	return keys
}

// MayBe reports whether the speaker may be a member with whom it shares a key.
// It may not if something stronger than the key differs: a user id decides
// over an id, an id over a name. So two people of one name with two user ids
// are two members.
func (s Speaker) MayBe(m Member, key string) bool {
	switch key[0] {
	case 'i':
		return !differ(m.UserID, s.UserID)
	case 'n':
		return !differ(m.UserID, s.UserID) && (!differ(m.Ref, s.ID) || s.ID == m.ID)
	}
	return true
}

// differ reports whether two values are known and are not the same.
func differ(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && b != "" && !folding.Equal(a, b)
}

// Keys returns the keys under which a member is known: those of a speaker with
// the same names and ids, and "i:" with the member's own id, because callers
// send the ids back that they read.
func (m Member) Keys() []string {
	return append(Speaker{ID: m.Ref, UserID: m.UserID, Name: m.Name}.Keys(), m.idKey())
}

func (m Member) idKey() string { return "i:" + m.ID }

// Compare orders members by when they came.
func (m Member) Compare(n Member) int {
	return cmp.Or(cmp.Compare(m.Since, n.Since), cmp.Compare(m.Index, n.Index), cmp.Compare(m.ID, n.ID))
}
