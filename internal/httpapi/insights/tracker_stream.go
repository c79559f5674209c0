package insights

import (
	"context"
	"iter"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
)

// A trackerStream reads messages and insights again, to tell what was found: trackers that
// were matched at few places several ones together, those with many term by term or, of
// such a term, place by place.
type trackerStream struct {
	from                  conversations.Store
	account, conversation string
	found                 *foundTrackers
}

// views yields all trackers.
func (s trackerStream) views(ctx context.Context) iter.Seq2[trackerView, error] {
	return func(yield func(trackerView, error) bool) {
		for some, alone := range groups(s.found.marks, func(m mark) uint32 { return m.item }) {
			views, err := s.trackersAt(ctx, some, alone)
			if err != nil {
				yield(trackerView{}, err)
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

// trackersAt returns the trackers of some marks, or the one tracker that has too many to
// be held.
func (s trackerStream) trackersAt(ctx context.Context, some []mark, alone bool) ([]trackerView, error) {
	if !alone {
		return s.viewsOf(ctx, some)
	}
	first, err := s.first(ctx, some)
	if err != nil {
		return nil, err
	}
	hit := first.hit()
	return []trackerView{{ID: hit.Tracker, Name: hit.Name, Matches: list[matchView]{each: s.matches(ctx, some)}}}, nil
}

// matches yields the terms of a tracker, of which these are the marks.
func (s trackerStream) matches(ctx context.Context, of []mark) iter.Seq2[matchView, error] {
	return func(yield func(matchView, error) bool) {
		for some, alone := range groups(of, func(m mark) uint32 { return m.part }) {
			views, err := s.matchesAt(ctx, some, alone)
			if err != nil {
				yield(matchView{}, err)
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

func (s trackerStream) matchesAt(ctx context.Context, some []mark, alone bool) ([]matchView, error) {
	if !alone {
		views, err := s.viewsOf(ctx, some)
		if err != nil {
			return nil, err
		}
		return views[0].Matches.all, nil
	}
	first, err := s.first(ctx, some)
	if err != nil {
		return nil, err
	}
	v := matchViewOf(first.hit())
	v.MessageRefs.each, v.InsightRefs.each = s.messageRefs(ctx, some), s.insightRefs(ctx, some)
	return []matchView{v}, nil
}

func (s trackerStream) first(ctx context.Context, of []mark) (first marked, err error) {
	for first, err = range s.read(ctx, slices.Values(of[:1])) {
		break
	}
	return first, err
}

// messageRefs yields the messages in which a term was matched.
func (s trackerStream) messageRefs(ctx context.Context, of []mark) iter.Seq2[occurrenceView, error] {
	return func(yield func(occurrenceView, error) bool) {
		for k, err := range s.read(ctx, slices.Values(of)) {
			if err != nil {
				yield(occurrenceView{}, err)
				return
			}
			if !yield(k.in.occurrence(k.hit().Offset), nil) {
				return
			}
		}
	}
}

// insightRefs yields the insights about the messages in which a term was matched.
func (s trackerStream) insightRefs(ctx context.Context, of []mark) iter.Seq2[insightRefView, error] {
	return func(yield func(insightRefView, error) bool) {
		marks := s.firstWithInsights(of)
		next, stop := iter.Pull2(s.insights(ctx, marks))
		defer stop()
		for k, err := range s.read(ctx, marks) {
			if err != nil {
				yield(insightRefView{}, err)
				return
			}
			for range s.found.aboutMessage(k.message) {
				in, err, _ := next()
				if err != nil {
					yield(insightRefView{}, err)
					return
				}
				source := insightSourceOf(in, k.in.message)
				if !yield(source.ref(k.hit()), nil) {
					return
				}
			}
		}
	}
}

// firstWithInsights yields of marks that are in the order of the messages the first of
// each message that an insight is about.
func (s trackerStream) firstWithInsights(of []mark) iter.Seq[mark] {
	return func(yield func(mark) bool) {
		for n, m := range of {
			if (n == 0 || of[n-1].message != m.message) && len(s.found.aboutMessage(m.message)) > 0 && !yield(m) {
				return
			}
		}
	}
}

// viewsOf returns the trackers of some marks.
func (s trackerStream) viewsOf(ctx context.Context, some []mark) ([]trackerView, error) {
	marks := slices.Values(inOrder(some))
	next, stop := iter.Pull2(s.insights(ctx, marks))
	defer stop()
	all, told := newTrackerList(), map[uint32]bool{}
	var sources []insightSource
	for k, err := range s.read(ctx, marks) {
		if err != nil {
			return nil, err
		}
		if k.first {
			clear(told)
			sources = nil
			for range s.found.aboutMessage(k.message) {
				in, err, _ := next()
				if err != nil {
					return nil, err
				}
				sources = append(sources, insightSourceOf(in, k.in.message))
			}
		}
		match := all.match(k.hit())
		match.MessageRefs.all = append(match.MessageRefs.all, k.in.occurrence(k.hit().Offset))
		for n := 0; n < len(sources) && !told[k.part]; n++ {
			match.InsightRefs.all = append(match.InsightRefs.all, sources[n].ref(k.hit()))
		}
		told[k.part] = true // however often the term was matched in the message
	}
	return all.views, nil
}

// insights yields the insights about the messages of marks, which are in their order.
func (s trackerStream) insights(ctx context.Context, marks iter.Seq[mark]) iter.Seq2[analysis.Insight, error] {
	return s.from.InsightsAt(ctx, s.account, s.conversation, func(yield func(int) bool) {
		for message := range messagesOf(marks) {
			for _, a := range s.found.aboutMessage(uint32(message)) { //nolint:gosec // as it was noted
				if !yield(int(a.insight)) {
					return
				}
			}
		}
	})
}

func (s trackerStream) read(ctx context.Context, marks iter.Seq[mark]) iter.Seq2[marked, error] {
	return read(ctx, s.from, s.account, s.conversation, marks)
}
