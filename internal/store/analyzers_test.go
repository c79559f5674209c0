package store_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/store"
)

// TestAnalyzersAreKept has jobs of several analyzers, one from before they were
// named, and one that failed.
func TestAnalyzersAreKept(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var ids []string
		for n := range 4 {
			ids = append(ids, f.accept("Hello.", n == 0).ID)
		}
		want := [][]string{{"local"}, {"local", "chat"}, {"external"}, nil}
		c := f.claim(16)
		var done []jobs.Effect
		for n, w := range c.Jobs[:3] {
			e := effect(w)
			e.Analyzers = want[n]
			done = append(done, e)
		}
		for _, id := range ids {
			if job, err := f.Job(t.Context(), account, id); err != nil || job.Analyzers != nil {
				t.Errorf("Job = %+v, %v; want no analyzers yet", job, err)
			}
		}
		c, _, err := f.CommitOne(t.Context(), c, done, store.Next{Stay: true, Most: 16})
		if err != nil {
			t.Fatal(err)
		}
		f.fail(c, jobs.Failure{JobID: ids[3], Reason: "no", Final: true}, store.Next{})
		for n, id := range ids {
			job, err := f.Job(t.Context(), account, id)
			if err != nil || job.WebhookURL != hook {
				t.Errorf("Job = %+v, %v; want its webhook too", job, err)
			}
			equal(t, "analyzers", job.Analyzers, want[n])
		}
	})
}
