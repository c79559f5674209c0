package query

import (
	"cmp"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
)

// maxKeys is how many keys are sorted by at most.
const maxKeys = 8

// ParseSort reads the keys to sort by: selectors joined by commas, with a "-"
// before those that descend. The order is "asc", which "" stands for, or
// "desc", which turns the direction of every key round. If sort is empty,
// conversations are sorted by their start. The error is [ErrOrder] or a
// [*SyntaxError] about sort.
func ParseSort(sort, order string) ([]Key, error) {
	desc := strings.EqualFold(order, "desc")
	if !desc && order != "" && !strings.EqualFold(order, "asc") {
		return nil, ErrOrder
	}
	if strings.TrimSpace(sort) == "" {
		return []Key{{Field: Start, Desc: desc}}, nil
	}
	var keys []Key
	at := 0
	for part := range strings.SplitSeq(sort, ",") {
		written, minus := strings.CutPrefix(strings.Trim(part, " "), "-")
		k := Key{Desc: minus != desc}
		var ok bool
		if k.Field, k.Name, ok = selected(written); !ok {
			blanks := len(part) - len(strings.TrimLeft(part, " "))
			return nil, wrong(sort, at+blanks, "%q cannot be sorted by; use %s", written, selectors)
		}
		if len(keys) == maxKeys {
			return nil, wrong(sort, at, "%q is one key too many; at most %d are taken", written, maxKeys)
		}
		keys = append(keys, k)
		at += len(part) + len(",")
	}
	return keys, nil
}

// Compare returns the order of two conversations: negative if a comes first,
// zero only if they are the same. Those that the keys do not tell apart come by
// their ids, which descend if all keys do: the one order is then the reverse
// of the other.
//
// Of names and metadata, decimal numbers come first, by their value, then other
// text, byte by byte, then the conversations that have no such member.
func (q Query) Compare(a, b conversation.Conversation) int {
	if len(q.Sort) == 0 {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID))
	}
	descend := true
	for _, k := range q.Sort {
		sign := k.compare(a, b)
		if k.Desc {
			sign = -sign
		}
		if sign != 0 {
			return sign
		}
		descend = descend && k.Desc
	}
	if descend {
		a, b = b, a
	}
	return strings.Compare(a.ID, b.ID)
}

// ByTime reports whether the order is that of the start times, with equal ones
// by id, and whether it is the descending one.
func (q Query) ByTime() (desc, ok bool) {
	if len(q.Sort) == 0 {
		return false, true
	}
	desc = q.Sort[0].Desc
	same := !slices.ContainsFunc(q.Sort, func(k Key) bool { return k.Desc != desc })
	byID := len(q.Sort) == 1 || len(q.Sort) == 2 && q.Sort[1].Field == ID
	return desc, q.Sort[0].Field == Start && same && byID
}

func (k Key) compare(a, b conversation.Conversation) int {
	switch k.Field {
	case Start:
		return a.Start.Compare(b.Start)
	case End:
		return a.End.Compare(b.End)
	case ID:
		return strings.Compare(a.ID, b.ID)
	default:
		return compareText(a, b, k)
	}
}

func compareText(a, b conversation.Conversation, k Key) int {
	x, xs := textOf(a, k.Field, k.Name)
	y, ys := textOf(b, k.Field, k.Name)
	if !xs || !ys {
		return firstIf(xs, ys)
	}
	n, isNumber := decimalOf(x)
	m, areNumbers := decimalOf(y)
	if isNumber && areNumbers {
		return n.compare(m)
	}
	return cmp.Or(firstIf(isNumber, areNumbers), strings.Compare(x, y))
}

// firstIf puts that before which the condition holds.
func firstIf(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}
