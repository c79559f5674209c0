package patterns_test

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/patterns"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

var (
	data = flag.String("patterns.data", "", "folder with EmailModel.json and the like to measure on")
	show = flag.Bool("patterns.show", false, "print what is wrong")
)

// TestEval measures patterns by exact span on the English specification of
// Recognizers-Text:
//
//	go test ./internal/analysis/patterns -run Eval -v -patterns.data DIR
//
// The phone numbers are of many countries, the Finder's region is one, so few
// without a + can be found.
func TestEval(t *testing.T) {
	if *data == "" {
		t.Skip("no data to measure on: name a folder with -patterns.data")
	}
	for _, set := range []struct {
		file  string
		kind  patterns.Type
		least float64
	}{
		{"EmailModel.json", patterns.Email, 0.9},
		{"URLModel.json", patterns.URL, 0.9},
		{"PhoneNumberModel.json", patterns.Phone, 0},
		{"NumberModel.json", patterns.Number, 0},
	} {
		if f1 := measure(t, filepath.Join(*data, set.file), set.kind); f1 < set.least {
			t.Errorf("%s: F1 %.3f, want %.2f", set.file, f1, set.least)
		}
	}
}

func measure(t *testing.T, file string, kind patterns.Type) (f1 float64) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Input string `json:"input"`
		Res   []struct {
			Text string `json:"text"`
			Val  string `json:"val"`
		} `json:"res"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	finder := newFinder(t)
	var given, found, right, valued float64
	for _, e := range all {
		want := map[string]string{}
		for _, r := range e.Res {
			want[r.Text] = r.Val
		}
		given += float64(len(want))
		for _, p := range finder.Find(nil, e.Input, words.Split(nil, e.Input)) {
			if p.Type != kind {
				continue
			}
			found++
			said := strings.ToLower(e.Input[p.Start:p.End])
			value, ok := want[said]
			delete(want, said)
			if ok {
				right++
			}
			if ok && same(value, p.Value) {
				valued++
			}
			if *show && (!ok || kind == patterns.Number && value != p.Value) {
				t.Logf("%q: %q = %s, want %v, value %s", e.Input, said, p.Value, e.Res, value)
			}
		}
		if *show && len(want) > 0 && kind != patterns.Phone {
			t.Logf("%q: missed %v", e.Input, want)
		}
	}
	p, r := right/max(found, 1), right/given
	f1 = 2 * p * r / max(p+r, 1e-9)
	t.Logf("%-7s P %.3f R %.3f F1 %.3f (%d), the value of the right ones as given in %.3f", kind, p, r, f1, int(given), valued/max(right, 1))
	return f1
}

// same reports whether two values are, to nine digits behind the point.
func same(a, b string) bool {
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return a == b || err == nil && err2 == nil && math.Abs(x-y) < 1e-9*max(1, math.Abs(x))
}

func newFinder(tb testing.TB) *patterns.Finder {
	tb.Helper()
	f, err := patterns.New("")
	if err != nil {
		tb.Fatal(err)
	}
	return f
}
