package attack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// asAttacker is the argument that makes the test binary the attacker.
const asAttacker = "be-the-attacker"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == asAttacker {
		if err := Assist(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Each attack runs, small and for a moment, and the neighbour is served meanwhile. How
// fast, only a machine of its own can tell.
func TestAttacks(t *testing.T) {
	redistest.Binary(t)
	worker := filepath.Join(t.TempDir(), "worker")
	if out, err := exec.Command("go", "build", "-o", worker, "../../../cmd/worker").CombinedOutput(); err != nil {
		t.Fatalf("build the worker: %v\n%s", err, out)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(t.Context(), Options{
		Worker: []string{worker}, Attacker: []string{program, asAttacker},
		Alone: 200 * time.Millisecond, During: 400 * time.Millisecond, Scale: 0.01,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Rows) != len(rows()) {
		t.Errorf("%d rows ran, want all %d", len(report.Rows), len(rows()))
	}
	for _, r := range report.Rows {
		if r.Beside.Posts != 2 || r.Beside.Refused+r.Beside.Lost > 0 || r.Beside.Completed.P99 == 0 {
			t.Errorf("%s: the neighbour had %+v, want all of its posts accepted and completed", r.Name, r.Beside)
		}
		served := r.Answers["201"] + r.Answers["200"] + r.Answers["401"] + r.Answers["left unread"]
		if served == 0 || r.PeakMB <= 0 {
			t.Errorf("%s: the attacker got %v, the worker took %v MB; want an attack", r.Name, r.Answers, r.PeakMB)
		}
	}
	var text strings.Builder
	if err := report.Print(&text); err != nil {
		t.Fatal(err)
	}
	t.Log(text.String())
}

func TestChoose(t *testing.T) {
	t.Parallel()

	all := rows()
	if one, err := choose(all, all[3].name); err != nil || len(one) != 1 || one[0].name != all[3].name {
		t.Errorf("choose(%q) = %d rows, %v; want that one", all[3].name, len(one), err)
	}
	if _, err := choose(all, "none"); err == nil || !strings.Contains(err.Error(), all[3].name) {
		t.Errorf("choose of an unknown one = %v, want those there are", err)
	}
}

func TestFlaws(t *testing.T) {
	t.Parallel()

	at := func(p99 float64) Sample { return Sample{Accepted: Quantile{P99: p99}, Completed: Quantile{P99: p99}} }
	tests := []struct {
		name  string
		alone float64
		row   Result
		want  []string
	}{
		{"as alone", 10, Result{Beside: at(10)}, nil},
		{"many times alone, and fast all the same", 1, Result{Beside: at(50)}, nil},
		{"slow, and so it is alone", 40, Result{Beside: at(80)}, nil},
		{"late", 20, Result{Beside: at(60)}, []string{"accepted 3.0 × alone", "completed 3.0 × alone"}},
		{"refused and lost", 10, Result{Beside: Sample{Refused: 1, Lost: 2}}, []string{"3 not served"}},
		{"slow steps", 10, Result{Slow: []process.Step{{Millis: 5}}}, []string{"slow steps"}},
		{"memory", 10, Result{PeakMB: 301}, []string{"memory"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			r := Report{Alone: at(tt.alone), Rows: []Result{tt.row}}
			if got := r.flaws(tt.row); !slices.Equal(got, tt.want) || (r.Flaws() == 1) != (len(tt.want) > 0) {
				t.Errorf("flaws = %q, %d; want %q", got, r.Flaws(), tt.want)
			}
		})
	}
}

func TestSummarize(t *testing.T) {
	t.Parallel()

	posts := []post{
		{status: 201, accepted: time.Millisecond, completed: 2 * time.Millisecond},
		{status: 201, accepted: 3 * time.Millisecond, completed: 4 * time.Millisecond},
		{status: 201, err: context.DeadlineExceeded},
		{err: context.DeadlineExceeded},
		{status: 500},
		{status: 429},
		{status: 503},
	}
	got := summarize(posts)
	if got.Posts != 7 || got.Refused != 2 || got.Lost != 3 || got.Accepted != (Quantile{3, 3}) || got.Completed != (Quantile{4, 4}) {
		t.Errorf("summarize = %+v", got)
	}
}
