package names_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/names"
)

// lesson are labelled sentences: a word is followed by the first letter of its
// type where it begins a name, by a small one where it goes on.
func lesson() []names.Sentence {
	types := map[string]names.Type{"p": names.Person, "o": names.Organization, "l": names.Location}
	var all []names.Sentence
	for _, text := range []string{
		"Zorgle/P Brandt/p lives in Qax/L .", "I met Zorgle/P in Qax/L .", "The Vuu/O Society/o met in Qax/L .",
		"Brandt/P works for the Vuu/O Society/o .", "We met and it was good .", "The report is in the mail .",
	} {
		var s names.Sentence
		for field := range strings.FieldsSeq(text) {
			word, mark, _ := strings.Cut(field, "/")
			s.Words = append(s.Words, word)
			s.Types = append(s.Types, types[strings.ToLower(mark)])
			s.Begins = append(s.Begins, mark != "" && mark == strings.ToUpper(mark))
		}
		all = append(all, s)
	}
	return all
}

func TestTrainLearnsItsLesson(t *testing.T) {
	t.Parallel()

	lex := newLexicon(t)
	tagger := names.NewWith(lex, names.Train(lex, lesson(), small()))
	for _, s := range lesson() {
		kinds, begins := tagger.Label(s.Words)
		if diff := cmp.Diff(s.Types, kinds); diff != "" {
			t.Errorf("Label(%q), types (-want +got):\n%s", s.Words, diff)
		}
		if diff := cmp.Diff(s.Begins, begins); diff != "" {
			t.Errorf("Label(%q), first words (-want +got):\n%s", s.Words, diff)
		}
	}
}

// TestTrainKnowsAddresses shows that handles and tags are no names, whatever
// the labels say, and that what follows one is still learned.
func TestTrainKnowsAddresses(t *testing.T) {
	t.Parallel()

	s := names.Sentence{
		Words: strings.Fields("@zorgle Brandt met #vuu Society"),
		Types: []names.Type{names.Person, names.Person, "", names.Organization, names.Organization}, Begins: []bool{true, false, false, true, false},
	}
	lex := newLexicon(t)
	kinds, begins := names.NewWith(lex, names.Train(lex, []names.Sentence{s, s}, small())).Label(s.Words)
	if diff := cmp.Diff([]names.Type{"", names.Person, "", "", names.Organization}, kinds); diff != "" {
		t.Errorf("Label(%q), types (-want +got):\n%s", s.Words, diff)
	}
	if want := []bool{false, true, false, false, true}; !slices.Equal(begins, want) {
		t.Errorf("Label(%q), first words %v, want %v", s.Words, begins, want)
	}
}

// TestLabelKnowsAddresses shows the same of a model that never met any.
func TestLabelKnowsAddresses(t *testing.T) {
	t.Parallel()

	lex := newLexicon(t)
	tagger := names.NewWith(lex, names.Train(lex, lesson(), small()))
	for _, tt := range []struct {
		word string
		want names.Type
	}{
		{"Qax", names.Location},
		{"#Qax", ""},
		{"@Qax", ""},
		{"#", ""},
	} {
		if kinds, _ := tagger.Label([]string{"Brandt", "lives", "in", tt.word, "."}); kinds[3] != tt.want {
			t.Errorf("in %s: %q, want %q", tt.word, kinds[3], tt.want)
		}
	}
}

// TestTrainIsRepeatable holds the promise of the train command: the model that
// ships can be made anew, to the byte.
func TestTrainIsRepeatable(t *testing.T) {
	t.Parallel()

	lex := newLexicon(t)
	pack := func(sentences []names.Sentence, opts names.TrainOptions) []byte {
		return names.Train(lex, sentences, opts).Pack()
	}
	first := pack(lesson(), small())
	if !bytes.Equal(first, pack(lesson(), small())) {
		t.Error("Train made two models of the same sentences")
	}
	if bytes.Equal(first, pack(lesson()[1:], small())) {
		t.Error("Train made the same model of other sentences")
	}
	blind := small()
	blind.Without = names.Clusters | names.Affixes
	if bytes.Equal(first, pack(lesson(), blind)) {
		t.Error("Train made the same model without clusters and affixes")
	}
}

// TestModelKeepsWhatItWasMadeWith shows that a model that was packed labels
// as before, with the features that it was made with.
func TestModelKeepsWhatItWasMadeWith(t *testing.T) {
	t.Parallel()

	lex := newLexicon(t)
	opts := small()
	opts.Bits, opts.Without = 10, names.Neighbours|names.Clusters|names.ListFirst
	made := names.Train(lex, lesson(), opts)
	read, err := names.Unpack(made.Pack())
	if err != nil {
		t.Fatal(err)
	}
	const text = "Zorgle Brandt of the Vuu Society was in Qax."
	want, got := names.NewWith(lex, made).Find(nil, text), names.NewWith(lex, read).Find(nil, text)
	if len(want) != 3 || !slices.Equal(got, want) {
		t.Errorf("Find = %v after packing, %v before; want three names", got, want)
	}
}

func small() names.TrainOptions {
	return names.TrainOptions{Rounds: 5, Members: 2, Bits: 14, Grain: 3}
}

func newLexicon(tb testing.TB) *lexicon.Lexicon {
	tb.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		tb.Fatal(err)
	}
	return lex
}
