package words_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestTerms(t *testing.T) {
	t.Parallel()

	const file = "# What belongs here.\n# What does not.\n\n#\nday\nweek end\n"
	if diff := cmp.Diff([]string{"#", "day", "week end"}, slices.Collect(words.Terms(file))); diff != "" {
		t.Errorf("Terms (-want +got):\n%s", diff)
	}
	for term := range words.Terms(file) {
		if term != "#" {
			t.Errorf("Terms went on to %q after the loop had ended", term)
		}
		break
	}
}

func TestValues(t *testing.T) {
	t.Parallel()

	got := maps.Collect(words.Values("# Months.\njune = 6\nmay = 5\nnone\n"))
	if diff := cmp.Diff(map[string]string{"june": "6", "may": "5", "none": ""}, got); diff != "" {
		t.Errorf("Values (-want +got):\n%s", diff)
	}
}

// vocabularies returns the files of terms below internal/analysis, by their
// paths, such as speech/data/talk.txt.
func vocabularies(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../data/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"../*/data/*.txt", "../*/*/data/*.txt"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, more...)
	}
	if len(paths) < 100 {
		t.Fatalf("%d vocabularies found, want 100 or more", len(paths))
	}
	files := map[string]string{}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimPrefix(filepath.ToSlash(path), "../")] = string(b)
	}
	return files
}

// TestVocabularies checks the form of every file: comments first, then at least
// one term, one a line, in lower case, sorted by bytes, none twice.
func TestVocabularies(t *testing.T) {
	t.Parallel()

	for path, file := range vocabularies(t) {
		lines := strings.Split(strings.TrimSuffix(file, "\n"), "\n")
		head := 0
		for head < len(lines) && strings.HasPrefix(lines[head], "# ") {
			head++
		}
		if head == 0 {
			t.Errorf("%s does not begin with a comment that says what belongs there", path)
		}
		if head == len(lines) {
			t.Errorf("%s has no terms", path)
		}
		before := ""
		for n, line := range lines[head:] {
			term, value, has := strings.Cut(line, " = ")
			switch {
			case term == "" || term != strings.Join(strings.Fields(term), " ") || has && strings.TrimSpace(value) != value:
				t.Errorf("%s:%d: %q is not one term with single blanks", path, head+n+1, line)
			case term != strings.ToLower(term):
				t.Errorf("%s:%d: %q is not in lower case", path, head+n+1, term)
			case term == before:
				t.Errorf("%s:%d: %q is there twice", path, head+n+1, term)
			case term < before:
				t.Errorf("%s:%d: %q is not sorted, it comes before %q", path, head+n+1, term, before)
			}
			before = term
		}
		if !strings.HasSuffix(file, "\n") || strings.Contains(file, "\r") {
			t.Errorf("%s does not end with a line break, or has carriage returns", path)
		}
	}
}

// TestVocabulariesAreUsed looks for the name of every file in the code beside
// it.
func TestVocabulariesAreUsed(t *testing.T) {
	t.Parallel()

	for path := range vocabularies(t) {
		dir, name := filepath.Dir(filepath.Dir(path)), strings.TrimSuffix(filepath.Base(path), ".txt")
		sources, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		used := false
		for _, source := range sources {
			if strings.HasSuffix(source, "_test.go") {
				continue
			}
			code, err := os.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			kind, _, byLanguage := strings.Cut(name, "_") // read as "kind_"+language
			used = used || strings.Contains(string(code), `"`+name+`"`) || byLanguage && strings.Contains(string(code), `"`+kind+`_"+language`) || strings.Contains(string(code), "go:embed data/"+name+".txt")
		}
		if !used {
			t.Errorf("no code of internal/analysis/%s reads %s", dir, path)
		}
	}
}

// TestVocabulariesExclude checks that no term is in two lists that contradict
// each other. A class of a word of dates or of stop words is one of all.
func TestVocabulariesExclude(t *testing.T) {
	t.Parallel()

	files := vocabularies(t)
	pairs := [][2]string{
		{"speech/data/talk.txt", "speech/data/state.txt"},
		{"speech/data/talk.txt", "speech/data/weak.txt"},
		{"speech/data/task.txt", "speech/data/state.txt"},
		{"speech/data/weak.txt", "speech/data/state.txt"},
		{"speech/data/talk.txt", "speech/data/aside.txt"},
		{"speech/data/agent.txt", "speech/data/noun.txt"},
		{"speech/data/plan.txt", "speech/data/attempt.txt"},
		{"speech/data/praise.txt", "speech/data/proposal.txt"},
		{"speech/data/auxiliary.txt", "speech/data/determiner.txt"},
		{"data/abbreviation.txt", "data/never_final.txt"},
	}
	for _, dir := range []string{"moments/data/", "terms/data/", "patterns/numerals/data/"} {
		for a := range files {
			for b := range files {
				if a < b && strings.HasPrefix(a, dir) && strings.HasPrefix(b, dir) && a != "terms/data/verb.txt" && b != "terms/data/verb.txt" &&
					!isMarking(a) && !isMarking(b) {
					pairs = append(pairs, [2]string{a, b})
				}
			}
		}
	}
	for _, pair := range pairs {
		if files[pair[0]] == "" || files[pair[1]] == "" {
			t.Errorf("%s or %s is missing", pair[0], pair[1])
			continue
		}
		in := map[string]bool{}
		for term := range words.Values(files[pair[0]]) {
			in[term] = true
		}
		for term := range words.Values(files[pair[1]]) {
			if in[term] {
				t.Errorf("%q is in %s and in %s, which exclude each other", term, pair[0], pair[1])
			}
		}
	}
}

// TestVocabulariesExplain checks that a word that is marked as ambiguous, or
// that an alias stands for, is known.
func TestVocabulariesExplain(t *testing.T) {
	t.Parallel()

	files := vocabularies(t)
	for part, whole := range map[string]string{
		"moments/data/ambiguous_month.txt":   "moments/data/month.txt",
		"moments/data/ambiguous_weekday.txt": "moments/data/weekday.txt",
	} {
		known := map[string]bool{}
		for term := range words.Values(files[whole]) {
			known[term] = true
		}
		for term := range words.Terms(files[part]) {
			if !known[term] {
				t.Errorf("%q is in %s, but not in %s", term, part, whole)
			}
		}
	}
}

// isMarking reports whether a file only marks words of others: as ambiguous, or with
// a tense.
func isMarking(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, "ambiguous_") || strings.HasPrefix(name, "tense_")
}
