package store

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	lookPortions = 8                      // of scanPortion slots each, that one look goes through
	lookWithin   = 500 * time.Millisecond // which must be enough, or the next one goes on
	lookRest     = 10                     // times as long as a look that found nothing took, none is made
)

// looksFurther are the looks of a process at the slots of accounts that hold many.
type looksFurther struct {
	under  singleflight.Group // by account
	places sync.Map           // account → *lookPlace, used by the one look under way
}

// A lookPlace is from where a look goes on, and when.
type lookPlace struct {
	rank  int64
	again time.Time
}

// freeOneFurther frees slots that are not among the oldest, see [Store.freeFurther].
// Those who ask at once have one look between them.
func (s *Store) freeOneFurther(ctx context.Context, account string, now time.Time) (freed int, err error) {
	look := s.further.under.DoChan(account, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookWithin)
		defer cancel()
		return s.freeFurther(ctx, account, now)
	})
	select {
	case r := <-look:
		freed, _ = r.Val.(int)
		return freed, r.Err
	case <-ctx.Done():
		return 0, fault("look for free slots", ctx.Err())
	}
}

// freeFurther goes through the slots of an account behind the oldest, portion by portion,
// until it has freed some, from where the look before ended. One that found nothing is
// followed by a rest, so a full account costs no more if it is refused more often: a
// process spends a tenth of its time at most to look.
func (s *Store) freeFurther(ctx context.Context, account string, now time.Time) (freed int, err error) {
	known, _ := s.further.places.LoadOrStore(account, &lookPlace{rank: maxCounted})
	at, _ := known.(*lookPlace)
	began := time.Now()
	if began.Before(at.again) {
		return 0, nil
	}
	for range lookPortions {
		set, err := s.rdb.ZRangeWithScores(ctx, slotsKey(account), at.rank, at.rank+scanPortion-1).Result()
		if err != nil {
			return 0, fault("look for free slots", err)
		}
		freed, err := s.freeUnused(ctx, account, now, slotsIn(set))
		if err != nil || freed > 0 {
			return freed, err
		}
		if at.rank += scanPortion; len(set) < scanPortion {
			at.rank = maxCounted
			break
		}
	}
	at.again = time.Now().Add(lookRest * time.Since(began))
	return 0, nil
}
