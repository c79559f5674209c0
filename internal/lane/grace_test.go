package lane_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

func TestGraceOutlivesItsParent(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		parent, stop := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
		graced, cancel := lane.Grace(parent, 10*time.Second)
		defer cancel()
		if graced.Value(key{}) != "kept" {
			t.Error("the values of the parent are lost")
		}
		time.Sleep(time.Hour) // grace begins with the end of the parent, not before
		stop()
		stopped := time.Now()
		synctest.Wait()
		if graced.Err() != nil {
			t.Error("the context ended with its parent")
		}
		<-graced.Done()
		if took := time.Since(stopped); took != 10*time.Second {
			t.Errorf("ended %v after its parent, want 10s", took)
		}
	})
}

// Nothing of a grace that is called off goes on: TestMain would find it.
func TestGraceCalledOff(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		stops bool // the parent, before
	}{
		{"while the parent lives", false},
		{"within the grace", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			parent, stop := context.WithCancel(context.Background())
			t.Cleanup(stop)
			graced, cancel := lane.Grace(parent, time.Hour)
			if tt.stops {
				stop()
			}
			cancel()
			select {
			case <-graced.Done():
			case <-time.After(10 * time.Second):
				t.Error("the context goes on")
			}
		})
	}
}

func TestGraceOfAParentThatHasEnded(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		parent, stop := context.WithCancel(t.Context())
		stop()
		begun := time.Now()
		graced, cancel := lane.Grace(parent, 3*time.Second)
		defer cancel()
		<-graced.Done()
		if took := time.Since(begun); took != 3*time.Second {
			t.Errorf("ended after %v, want the grace", took)
		}
	})
}
