package query

import (
	"slices"
	"time"
)

// A Window is where to look for what a [Query] selects: all of it lies inside.
type Window struct {
	From time.Time // the earliest start, if it is not zero
	To   time.Time // the latest start, if it is not zero
	IDs  []string  // all others are out, unless it is nil
}

// Window returns the smallest window that follows from the bounds of q and
// from each condition by itself. It takes for granted that no conversation
// ends before it starts.
func (q Query) Window() Window {
	w := Window{}
	w.startAfter(q.From)
	w.startBefore(q.To)
	for _, c := range q.Filter {
		switch {
		case c.Field == ID && (c.Op == Equal || c.Op == In):
			w.among(c.Values)
		case (c.Field == Start || c.Field == End) && len(c.Times) > 0:
			w.narrow(c)
		}
	}
	return w
}

// narrow applies a condition on a time. What is said of the end bounds the
// start from above only.
func (w *Window) narrow(c Condition) {
	first, last := slices.MinFunc(c.Times, time.Time.Compare), slices.MaxFunc(c.Times, time.Time.Compare)
	exact := c.Op == Equal || c.Op == In
	if exact || c.Op == Less || c.Op == LessEqual {
		w.startBefore(last)
	}
	if c.Field == Start && (exact || c.Op == Greater || c.Op == GreaterEqual) {
		w.startAfter(first)
	}
}

func (w *Window) startAfter(t time.Time) {
	if t.After(w.From) {
		w.From = t
	}
}

func (w *Window) startBefore(t time.Time) {
	if !t.IsZero() && (w.To.IsZero() || t.Before(w.To)) {
		w.To = t
	}
}

func (w *Window) among(ids []string) {
	both := []string{}
	for _, id := range ids {
		if !slices.Contains(both, id) && (w.IDs == nil || slices.Contains(w.IDs, id)) {
			both = append(both, id)
		}
	}
	w.IDs = both
}
