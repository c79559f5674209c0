package query

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/folding"
)

// Match reports whether q selects c, which its place in the order and the page
// may still keep out.
func (q Query) Match(c conversation.Conversation) bool {
	return (q.From.IsZero() || !c.Start.Before(q.From)) && (q.To.IsZero() || !c.End.After(q.To)) && q.Filter.Match(c)
}

// NeedsMembers reports whether [Query.Match] looks at the members. All else of
// a conversation it may look at always.
func (q Query) NeedsMembers() bool {
	return slices.ContainsFunc(q.Filter, func(c Condition) bool { return c.Field == Email })
}

// Match reports whether all of f holds for c.
func (f Filter) Match(c conversation.Conversation) bool {
	return !slices.ContainsFunc(f, func(k Condition) bool { return !k.Match(c) })
}

// Match reports whether the condition holds for c.
//
// Equality is that of strings, and of instants for times. What is less is so
// as a number if both sides are decimal numbers, else byte by byte. Of a member
// of the metadata, a label or an external id that c has not, nothing holds but
// != and =out=. E-mail addresses are equal whatever the case of their letters,
// and it is enough if one of the members has the address: != and =out= hold
// if none has.
func (k Condition) Match(c conversation.Conversation) bool {
	if k.Op == NotEqual || k.Op == Out {
		k.Op = In // which is Equal, but for the number of values
		return !k.Match(c)
	}
	switch k.Field {
	case Start:
		return k.matchTime(c.Start)
	case End:
		return k.matchTime(c.End)
	case Email:
		return slices.ContainsFunc(c.Members, func(m conversation.Member) bool {
			return m.UserID != "" && k.matchText(m.UserID, folding.Equal)
		})
	default:
		text, ok := textOf(c, k.Field, k.Name)
		return ok && k.matchText(text, func(a, b string) bool { return a == b })
	}
}

func (k Condition) matchTime(t time.Time) bool {
	return slices.ContainsFunc(k.Times, func(v time.Time) bool { return k.Op.accepts(t.Compare(v)) })
}

func (k Condition) matchText(text string, equal func(a, b string) bool) bool {
	return slices.ContainsFunc(k.Values, func(v string) bool {
		switch k.Op {
		case Equal, In:
			return equal(text, v)
		case Contains:
			return strings.Contains(folding.Fold(text), folding.Fold(v))
		default:
			return k.Op.accepts(compareLoosely(text, v))
		}
	})
}

// accepts reports whether the comparison holds for something that compares
// with the value as the sign says.
func (o Op) accepts(sign int) bool {
	switch o {
	case Equal, In:
		return sign == 0
	case Less:
		return sign < 0
	case LessEqual:
		return sign <= 0
	case Greater:
		return sign > 0
	case GreaterEqual:
		return sign >= 0
	default:
		return false
	}
}

// textOf returns a field that is text, or false if c has none.
func textOf(c conversation.Conversation, field Field, name string) (text string, ok bool) {
	switch field {
	case ID:
		return c.ID, true
	case Type:
		return c.Type, true
	case Name:
		return c.Title(), true
	case Metadata:
		text, ok = c.Metadata[name]
		return text, ok
	case Label:
		text, ok = c.Labels[name]
		return text, ok
	case Archived:
		return strconv.FormatBool(c.Archived), true
	case ExternalID:
		return c.ExternalID, c.ExternalID != ""
	case Status:
		return StatusOf(c), true
	default:
		return "", false
	}
}

// The values of [Status].
const (
	Pending   = "pending"
	Failed    = "failed"
	Completed = "completed"
)

// StatusOf returns the value of [Status].
func StatusOf(c conversation.Conversation) string {
	switch {
	case c.Pending > 0:
		return Pending
	case c.Failed:
		return Failed
	default:
		return Completed
	}
}

// compareLoosely compares as numbers what are numbers both.
func compareLoosely(a, b string) int {
	x, isNumber := decimalOf(a)
	y, areNumbers := decimalOf(b)
	if isNumber && areNumbers {
		return x.compare(y)
	}
	return cmp.Compare(a, b)
}
