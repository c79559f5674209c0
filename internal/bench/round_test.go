package bench

import (
	"slices"
	"testing"
)

// Rounds run to and fro. What is run once, or cannot run, is in the first alone.
func TestOrder(t *testing.T) {
	t.Parallel()

	var b bench
	b.report.Skipped = []Skipped{{Name: "missing"}}
	chosen := []workload{{name: "a"}, {name: "once", once: true}, {name: "missing"}, {name: "b"}}
	for round, want := range map[int][]string{1: {"a", "once", "missing", "b"}, 2: {"b", "a"}, 3: {"a", "b"}} {
		var got []string
		for _, w := range b.order(chosen, round) {
			got = append(got, w.name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("order of round %d = %q, want %q", round, got, want)
		}
	}
}

// A workload that needs a lot is run for those who ask for it, by name or not.
func TestChoose(t *testing.T) {
	t.Parallel()

	all := []workload{
		{name: "plain", sections: []Section{Drain, Submit}, baseline: true},
		{name: "ours", sections: []Section{Drain}},
		{name: "other plain", sections: []Section{Mixed}, baseline: true},
		{name: "big", sections: []Section{Large}, large: true},
	}
	tests := []struct {
		name string
		opts Options
		want []string
	}{
		{"all", Options{}, []string{"plain", "ours", "other plain"}},
		{"large ones too", Options{Large: true}, []string{"plain", "ours", "other plain", "big"}},
		{"one and what it is compared with", Options{Only: "ours"}, []string{"plain", "ours"}},
		{"a large one", Options{Only: "big"}, []string{"big"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			chosen, err := choose(all, tt.opts)
			var got []string
			for _, w := range chosen {
				got = append(got, w.name)
			}
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("choose(%+v) = %q, %v; want %q", tt.opts, got, err, tt.want)
			}
		})
	}
}
