package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// What one call of a script stores at most, messages, insights and members of all its
// lanes together: about a millisecond of Redis. A single value may be longer.
const (
	stepValues = 500
	stepBytes  = 256 << 10
)

// fewMembers is how many fields and values of members a lane may have that are not
// staged with the rest: the members that there are would be copied for them.
const fewMembers = 100

// stage puts the messages, insights and members of lanes where nobody sees them, in
// portions, until the rest is little enough for one commit: those of the lanes that have
// most. It returns the lanes that can be committed, and says of the others why not.
//
// Of the same claim, with members that were not changed, the same values are staged
// at the same places each time. So a repetition, however late, changes nothing.
func (s *Store) stage(ctx context.Context, lanes []*laneDone, outcomes []jobs.Outcome) ([]*laneDone, error) {
	var all load
	for _, l := range lanes {
		all.add(l.load())
	}
	if !all.tooMuch() {
		return lanes, nil
	}
	if ofOneAccount(lanes) { // no other account waits for what this step waits for
		end, err := s.takeLong(ctx, lanes[0].Claim.Account)
		if err != nil {
			return nil, err
		}
		defer end()
	}
	largest := slices.Clone(lanes)
	slices.SortStableFunc(largest, func(a, b *laneDone) int { return b.load().compare(a.load()) })
	for _, l := range largest {
		if !all.tooMuch() {
			break
		}
		all.remove(l.load())
		if err := s.stageLane(ctx, l); errors.Is(err, jobs.ErrUnavailable) {
			return nil, err
		} else if err != nil {
			outcomes[l.nth].Err = fmt.Errorf("commit to conversation %s: %w", l.Claim.Key, err)
		}
		l.staged = true
	}
	return slices.DeleteFunc(lanes, func(l *laneDone) bool { return outcomes[l.nth].Err != nil }), nil
}

func ofOneAccount(lanes []*laneDone) bool {
	return !slices.ContainsFunc(lanes, func(l *laneDone) bool { return l.Claim.Account != lanes[0].Claim.Account })
}

// A load is what values cost a step of Redis.
type load struct{ values, bytes int }

func (a load) tooMuch() bool { return a.values > stepValues || a.bytes > stepBytes }

func (a *load) add(b load)    { a.values, a.bytes = a.values+b.values, a.bytes+b.bytes }
func (a *load) remove(b load) { a.values, a.bytes = a.values-b.values, a.bytes-b.bytes }

// compare says which of two is more, the values weighing as much as the bytes.
func (a load) compare(b load) int {
	const bytesOfAValue = stepBytes / stepValues
	return a.values*bytesOfAValue + a.bytes - b.values*bytesOfAValue - b.bytes
}

func (l *laneDone) load() load {
	sum := loadOf(l.messages)
	sum.add(loadOf(l.insights))
	sum.add(loadOf(l.members))
	return sum
}

func loadOf(values []any) load {
	sum := load{values: len(values)}
	for _, v := range values {
		sum.bytes += sizeOf(v)
	}
	return sum
}

func sizeOf(value any) int {
	if text, ok := value.(string); ok {
		return len(text)
	}
	return len(value.([]byte))
}

// stageLane stages the messages and the insights of a lane, and its members if they are
// many. That its claim is lost,
// or its members were changed, it leaves to the commit to find out.
func (s *Store) stageLane(ctx context.Context, l *laneDone) error {
	k, m := keysOf(l.Claim.Shard), member(l.Claim.Account, l.Claim.Key)
	state := k.state(lane.Append, m)
	going, err := s.stageList(ctx, l, []string{state, k.messages(m)}, "messages", l.messages)
	if err == nil && going {
		going, err = s.stageList(ctx, l, []string{state, k.insights(m)}, "insights", l.insights)
	}
	if err == nil && going && len(l.members) > fewMembers {
		l.people = true
		err = s.stageMembers(ctx, l, []string{state, k.members(m), k.staged(m)}, l.members)
	}
	return err
}

// stagedKept is how long members are kept that are staged and not committed.
const stagedKept = 10 * time.Minute

// stageMembers stages fields and values of members, from the beginning if some are gone
// that were there.
func (s *Store) stageMembers(ctx context.Context, l *laneDone, keys []string, values []any) error {
	step, tries := "stage members of conversation "+l.Claim.Key, 3
	for offset := 0; offset < len(values); {
		n := portionOf(values[offset:])
		n = min(n+n%2, len(values)-offset) // a field and its value go together
		args := append([]any{l.Claim.ID, l.Claim.MembersVersion, ms(stagedKept), boolArg(offset == 0)}, values[offset:offset+n]...)
		r, err := s.run(ctx, stageMembers, step, keys, args...)
		if err != nil {
			return err
		}
		switch r.word() {
		case "staged":
			offset += n
		case "refused":
			return nil
		case "gap":
			if tries--; tries == 0 {
				return fmt.Errorf("%s: what was staged disappears", step)
			}
			offset = 0
		default:
			return r.unexpected(step)
		}
	}
	return nil
}

// stageList stages values of a list, from the beginning if some are gone that were
// there. It returns whether it was allowed to.
func (s *Store) stageList(ctx context.Context, l *laneDone, keys []string, kind string, values []any) (going bool, err error) {
	step, tries := "stage "+kind+" of conversation "+l.Claim.Key, 3
	for offset := 0; offset < len(values); {
		n := portionOf(values[offset:])
		args := append([]any{l.Claim.ID, l.Claim.MembersVersion, kind, offset}, values[offset:offset+n]...)
		r, err := s.run(ctx, stageEffects, step, keys, args...)
		if err != nil {
			return false, err
		}
		switch r.word() {
		case "staged":
			offset += n
		case "refused":
			return false, nil
		case "gap":
			if tries--; tries == 0 {
				return false, fmt.Errorf("%s: what was staged disappears", step)
			}
			offset = 0
		default:
			return false, r.unexpected(step)
		}
	}
	return true, nil
}

// portionOf returns how many of the first values go into one step.
func portionOf(values []any) int {
	var sum load
	for n, v := range values {
		sum.add(load{1, sizeOf(v)})
		if n > 0 && sum.tooMuch() {
			return n
		}
	}
	return len(values)
}
