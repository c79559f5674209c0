package quota

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// Tasks of an account beyond its quota wait in their order, those of another one do
// not, who gives up leaves the line, and in the end nothing is held.
func TestQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q, begun := New(2), time.Now()
		task := func(ctx context.Context, id string) (began time.Duration, err error) {
			end, err := q.Take(ctx, id)
			if err != nil {
				return time.Since(begun), err
			}
			defer end()
			began = time.Since(begun)
			time.Sleep(time.Second)
			return began, nil
		}
		began := make([]time.Duration, 5)
		for n := range began {
			go func() { began[n], _ = task(t.Context(), "many") }()
			synctest.Wait()
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if at, err := task(short, "many"); err == nil || at != time.Second/2 {
			t.Errorf("a task that gives up after half a second = %v after %v", err, at)
		}
		if at, err := task(t.Context(), "other"); err != nil || at != time.Second/2 {
			t.Errorf("a task of another account began after %v, %v; want at once", at, err)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		for n, want := range []time.Duration{0, 0, time.Second, time.Second, 2 * time.Second} {
			if began[n] != want {
				t.Errorf("task %d began after %v, want %v", n, began[n], want)
			}
		}
		if len(q.accounts) != 0 {
			t.Errorf("%d accounts are held of an idle quota", len(q.accounts))
		}
	})
}
