package corpus_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/corpus"
)

func TestRead(t *testing.T) {
	t.Parallel()

	const p, o, l = names.Person, names.Organization, names.Location
	tests := []struct {
		name, file string
		want       []names.Sentence
	}{
		{name: "empty", file: "\n\n"},
		{
			name: "two sentences, the last without an end",
			file: "Ana\tB-person\nLima\tI-person\nleft\tO\n\nBonn\tB-location",
			want: []names.Sentence{
				{Words: []string{"Ana", "Lima", "left"}, Types: []names.Type{p, p, ""}, Begins: []bool{true, false, false}},
				{Words: []string{"Bonn"}, Types: []names.Type{l}, Begins: []bool{true}},
			},
		},
		{
			name: "names that go on from the first word",
			file: "Ana I-PER\nLima I-PER\nBonn I-LOC\nUN I-ORG\n",
			want: []names.Sentence{{
				Words: []string{"Ana", "Lima", "Bonn", "UN"}, Types: []names.Type{p, p, l, o}, Begins: []bool{true, false, true, true},
			}},
		},
		{
			name: "two names side by side",
			file: "Ana B-PER\nBen B-PER\n",
			want: []names.Sentence{{Words: []string{"Ana", "Ben"}, Types: []names.Type{p, p}, Begins: []bool{true, true}}},
		},
		{
			name: "companies and groups are organisations, products nothing",
			file: "Acme B-corporation\nKIX B-group\niPod B-product\n",
			want: []names.Sentence{{Words: []string{"Acme", "KIX", "iPod"}, Types: []names.Type{o, o, ""}, Begins: []bool{true, true, false}}},
		},
		{
			name: "labels are taken as they are",
			file: "@ana B-person\n@ O\n",
			want: []names.Sentence{{Words: []string{"@ana", "@"}, Types: []names.Type{p, ""}, Begins: []bool{true, false}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			path := filepath.Join(t.TempDir(), "text.conll")
			write(t, path, tt.file)
			got, err := corpus.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Read (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLoadKeepsTestsApart shows that nothing can be learned from, or chosen by,
// what is measured on, and that nothing else is lost.
func TestLoadKeepsTestsApart(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	for _, file := range []string{
		"WNUT17/train/wnut17train.conll", "WNUT17/dev/emerging.dev.conll", "WNUT17/test/emerging.test.annotated",
		"BTC/a.conll", "BTC/b.conll", "BTC/e.conll", "BTC/f.conll", "BTC/g.conll", "BTC/h.conll",
	} {
		write(t, filepath.Join(dir, file), file+" O\n")
	}
	var wiki strings.Builder
	for n := range 10 {
		fmt.Fprintf(&wiki, "w%d O\n\n", n)
	}
	write(t, filepath.Join(dir, "wikigold/wikigold.conll.txt"), wiki.String())

	c, err := corpus.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	test, err := corpus.LoadTest(dir)
	if err != nil {
		t.Fatal(err)
	}
	learned := slices.Concat(c.Web, c.WebDev, c.TwitterDev, slices.Concat(c.Wiki[:]...))
	for _, section := range corpus.Sections {
		learned = append(learned, c.Twitter[section]...)
	}
	want := "BTC/a.conll BTC/b.conll BTC/e.conll BTC/f.conll BTC/g.conll BTC/h.conll " +
		"WNUT17/dev/emerging.dev.conll WNUT17/train/wnut17train.conll w0 w1 w2 w3 w4 w5 w6 w7"
	if got := firstWords(learned); got != want {
		t.Errorf("Load reads %s, want %s", got, want)
	}
	if got, want := firstWords(slices.Concat(test.Web, test.Wiki)), "WNUT17/test/emerging.test.annotated w8 w9"; got != want {
		t.Errorf("LoadTest reads %s, want %s", got, want)
	}
}

// TestLoadJoinsHandles shows that Broad Twitter is read as the tagger splits
// text.
func TestLoadJoinsHandles(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	for _, file := range []string{
		"WNUT17/train/wnut17train.conll", "WNUT17/dev/emerging.dev.conll", "wikigold/wikigold.conll.txt",
		"BTC/a.conll", "BTC/b.conll", "BTC/e.conll", "BTC/f.conll", "BTC/g.conll",
	} {
		write(t, filepath.Join(dir, file), "@ O\nhome O\n")
	}
	write(t, filepath.Join(dir, "BTC/h.conll"), "@ B-PER\nana B-PER\nLima I-PER\nin O\n# O\nBonn B-LOC\n@ O\n")
	c, err := corpus.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []names.Sentence{{
		Words:  []string{"@ana", "Lima", "in", "#Bonn", "@"},
		Types:  []names.Type{"", names.Person, "", names.Location, ""},
		Begins: []bool{false, true, false, true, false},
	}}
	if diff := cmp.Diff(want, c.TwitterDev); diff != "" {
		t.Errorf("section h (-want +got):\n%s", diff)
	}
	if got := strings.Join(c.Web[0].Words, " "); got != "@ home" {
		t.Errorf("WNUT17 reads %q, where @ means at; want %q", got, "@ home")
	}
}

func TestLoadNamesWhatIsMissing(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	if _, err := corpus.Load(dir); err == nil || !strings.Contains(err.Error(), "wnut17train.conll") {
		t.Errorf("Load of an empty folder = %v, want an error that names the file", err)
	}
	if _, err := corpus.LoadTest(dir); err == nil || !strings.Contains(err.Error(), "emerging.test.annotated") {
		t.Errorf("LoadTest of an empty folder = %v, want an error that names the file", err)
	}
}

func firstWords(sentences []names.Sentence) string {
	var all []string
	for _, s := range sentences {
		all = append(all, s.Words[0])
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
