package terms_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

var dictionary = sync.OnceValue(func() *terms.Dictionary {
	lex, err := lexicon.Load()
	if err != nil {
		panic(err)
	}
	return terms.New(lex)
})

func TestAppend(t *testing.T) {
	t.Parallel()

	const content, mark, stop, adverb, lead, being = terms.Content, terms.Mark, terms.Stop, terms.Adverb, terms.Lead, terms.Being
	tests := []struct {
		text, term, root string
		kind             terms.Kind
	}{
		{"contract", "contract", "contract", content},
		{"Contracts", "Contracts", "contract", content},
		{"customer's", "customer", "custom", content},
		{"Customer’s", "Customer", "custom", content},
		{"it’s", "it’s", "it", being},
		{"company-wise", "company-wise", "company-wis", content},
		{"twenty-five", "twenty-five", "twenty-f", stop},
		{"2-3", "2-3", "2-3", mark},
		{"Thinking", "Thinking", "think", stop},
		{"um", "um", "um", stop},
		{"really", "really", "realli", adverb},
		{"automatically", "automatically", "automat", adverb},
		{"supply", "supply", "suppli", content},
		{"expensive", "expensive", "expens", terms.Quality},
		{"helpless", "helpless", "helpless", terms.Quality},
		{"buses", "buses", "bus", content},
		{"leases", "leases", "leas", content},
		{"shelves", "shelves", "shelf", content},
		{"e-mail", "e-mail", "email", content},
		{"safer", "safer", "safer", terms.Quality},
		{"nastiest", "nastiest", "nastiest", terms.Quality},
		{"printer", "printer", "printer", content},
		{"submits", "submits", "submit", terms.Deed},
		{"remembers", "remembers", "rememb", stop},
		{"leaves", "leaves", "leav", stop},
		{"knives", "knives", "knife", content},
		{"translation", "translation", "translat", content},
		{"mg", "mg", "mg", terms.Deed},
		{"care", "care", "care", terms.Weak},
		{"my", "my", "my", terms.Determiner},
		{"should", "should", "should", lead},
		{"haven't", "haven't", "haven't", lead},
		{"we'll", "we'll", "we'll", lead},
		{"they’re", "they’re", "they'r", being},
		{",", ",", ",", mark},
		{"3.5", "3.5", "3.5", mark},
		{"28th", "28th", "28th", mark},
		{"Q3", "Q3", "q3", content},
		{"1b2c3d4e", "1b2c3d4e", "1b2c3d4e", mark},
		{"x.org", "x.org", "x.org", mark},
		{"你", "你", "你", mark},
		{"Verträge", "Verträge", "verträg", content},
	}
	for _, tt := range tests {
		table := dictionary().Table()
		got := table.Append(nil, words.Split(nil, tt.text))
		if len(got) != 1 {
			t.Errorf("%q makes %d terms, want 1", tt.text, len(got))
			continue
		}
		term := table.Term(got[0])
		if term.Text != tt.term || term.Kind != tt.kind || table.Root(term.Stem) != tt.root {
			t.Errorf("%q is %q of kind %d with the root %q, want %q, %d, %q",
				tt.text, term.Text, term.Kind, table.Root(term.Stem), tt.term, tt.kind, tt.root)
		}
	}
}

func TestTerm(t *testing.T) {
	t.Parallel()

	table := dictionary().Table()
	row := table.Append(nil, words.Split(nil, "Bob's hiring hired the xyzzyx Bob - "+strings.Repeat("a", 65)))
	var got []terms.Term
	for _, number := range row {
		got = append(got, *table.Term(number))
	}
	for n := range got {
		if r := got[n].Rarity; r < 0 || r > 1 || n > 0 && got[n].Kind == terms.Content && r <= got[3].Rarity {
			t.Errorf("%q has the rarity %v, want it from 0 to 1, and above that of %q", got[n].Text, r, got[3].Text)
		}
		got[n].Rarity = 0
	}
	want := []terms.Term{
		{Text: "Bob", Stem: 1, Capital: true, Possessive: true},
		{Text: "hiring", Stem: 2, Verbal: true},
		{Text: "hired", Stem: 2, Verbal: true, Participle: true},
		{Text: "the", Stem: 3, Kind: terms.Determiner},
		{Text: "xyzzyx", Stem: 4},
		{Text: "Bob", Stem: 1, Capital: true},
		{Text: "-", Stem: 5, Kind: terms.Mark},
		{Kind: terms.Mark},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if row[7] != terms.None {
		t.Errorf("a word of 65 bytes is term %d, want none", row[7])
	}
}

// TestFull fills a table; what it knows it still finds.
func TestFull(t *testing.T) {
	t.Parallel()

	table := dictionary().Table()
	text := []words.Word{{}}
	var last int32
	for n := range 60_000 {
		text[0].Text = "w" + strconv.Itoa(n)
		text[0].Lower = text[0].Text
		last = table.Append(nil, text)[0]
	}
	text[0] = words.Word{Text: "w7", Lower: "w7"}
	if first := table.Append(nil, text)[0]; last != terms.None || first != 8 {
		t.Errorf("the last of too many words is term %d, the eighth is %d; want 0 and 8", last, first)
	}
}

func TestEnglish(t *testing.T) {
	t.Parallel()

	table := dictionary().Table()
	for _, message := range []struct {
		text string
		want bool
	}{
		{"Budget!", true},
		{"We have to talk about the budget of the new team", true},
		{"wir müssen die Verträge noch von der Rechtsabteilung prüfen lassen", false},
		{"Verträge!", false},
		{"il faut encore que le service juridique vérifie les contrats demain", false},
		{"tenemos que revisar los contratos nuevos con nuestros abogados mañana", false},
		{"Kubernetes, Docker, Redis, Postgres, and the Kafka cluster", true},
		{"Budget!", true},
		{"", true},
	} {
		if got := table.English(table.Append(nil, words.Split(nil, message.text))); got != message.want {
			t.Errorf("English(%q) = %t, want %t", message.text, got, message.want)
		}
	}
}

func FuzzAppend(f *testing.F) {
	f.Add("Bob's company-wise-hiring\xff isn’t 's '' -a- İ")
	f.Fuzz(func(t *testing.T, text string) {
		table := dictionary().Table()
		split := words.Split(nil, text)
		first := table.Append(nil, split)
		if diff := cmp.Diff(first, table.Append(nil, split)); diff != "" {
			t.Fatalf("a second time (-first +second):\n%s", diff)
		}
		for _, number := range first {
			if term := table.Term(number); term.Kind == terms.Content && (term.Text == "" || term.Stem == 0) {
				t.Fatalf("%q makes %+v", text, *term)
			}
		}
	})
}

// BenchmarkAppend takes a message of 300 characters that is split already and
// whose words are known.
func BenchmarkAppend(b *testing.B) {
	split := words.Split(nil, "Who would be the best possible person to discuss internships and student recruitment at ABC Corp in New York? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance for your help, I really appreciate it! We could send the interns the contract by Friday.")
	table := dictionary().Table()
	b.ReportAllocs()
	var row []int32
	for b.Loop() {
		row = table.Append(row[:0], split)
	}
}
