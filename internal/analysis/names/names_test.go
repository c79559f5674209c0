package names_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/names"
)

func TestFind(t *testing.T) {
	t.Parallel()

	tagger := newTagger(t)
	tests := []struct{ name, text, want string }{
		{"empty", "", ""},
		{"blanks", " \t\n ", ""},
		{"no name", "Please send it tomorrow.", ""},
		{"one of each", "John Smith works at Microsoft in London.", "person John Smith, organization Microsoft, location London"},
		{"a possessive", "I met Bob's sister Maria in New York.", "person Bob, person Maria, location New York"},
		{"a possessive in curls", "We like Bob’s idea.", "person Bob"},
		{"lower case", "ask john about the paris trip", "person john, location paris"},
		{"lower case, two words", "i flew from new york to berlin", "location new york, location berlin"},
		{"all in capitals", "JOHN SMITH IS IN LONDON", "person JOHN SMITH, location LONDON"},
		{"all in capitals, one of each", "MEETING WITH JOHN AT GOOGLE IN PARIS", "person JOHN, organization GOOGLE, location PARIS"},
		{"capitals without a name", "PLEASE CALL ME BACK ASAP", ""},
		{"a handle and a tag", "@john is a handle, and #paris a tag", ""},
		{"a handle that speaks", "@maria thanks for the update", ""},
		{"names side by side", "Anna, Ben and Carla are coming.", "person Anna, person Ben, person Carla"},
		{"a hyphen", "Mary-Jane Watson is late.", "person Mary-Jane Watson"},
		{"an apostrophe", "Sinead O'Connor sang in Dublin.", "person Sinead O'Connor, location Dublin"},
		{"an apostrophe in curls", "Mr. O’Brien called.", "person Mr. O’Brien"},
		{"three words", "Dr. Nguyen is in Ho Chi Minh City.", "person Dr. Nguyen, location Ho Chi Minh City"},
		{"letters with marks", "José García flew to Zürich.", "person José García, location Zürich"},
		{"a name begins the sentence", "Sarah will send the invoice.", "person Sarah"},
		{"no name begins the sentence", "Thanks for the invoice.", ""},
		{"an order begins the sentence", "Call me when you are done.", ""},
		{"a vocative", "Thanks, Priya!", "person Priya"},
		{"an abbreviation", "She joined IBM in Germany.", "organization IBM, location Germany"},
		{"an ampersand", "AT&T called twice.", "organization AT&T"},
		{"months and days", "See you on Friday, the 3rd of March.", ""},
		{"the word I", "I think I will.", ""},
		{"Chinese", "我们明天见", ""},
		{"Cyrillic", "Встретимся завтра в офисе.", ""},
		{"Hebrew", "נתראה מחר", ""},
		{"emoji", "👍🏽👍🏽 great", ""},
		{"bytes that are no text", "\xff\xfe \x80", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if diff := cmp.Diff(tt.want, written(t, tt.text, tagger.Find(nil, tt.text))); diff != "" {
				t.Errorf("Find(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

// written writes names as the tables have them, and checks their scores.
func written(t *testing.T, text string, found []names.Name) string {
	t.Helper()
	var all []string
	for _, n := range found {
		all = append(all, string(n.Type)+" "+text[n.Start:n.End])
		if n.Score < 0.5 || n.Score > 1 {
			t.Errorf("%q: the score of %q is %v, want 0.5 to 1", text, text[n.Start:n.End], n.Score)
		}
	}
	return strings.Join(all, ", ")
}

func TestFindAppends(t *testing.T) {
	t.Parallel()

	tagger := newTagger(t)
	first := tagger.Find(nil, "John Smith left.")
	both := tagger.Find(first, "She lives in London.")
	if len(first) != 1 || len(both) != 2 || both[0] != first[0] {
		t.Errorf("Find appended to %v and gave %v, want one name more", first, both)
	}
}

// TestFindMayBeShared is for the race detector too.
func TestFindMayBeShared(t *testing.T) {
	t.Parallel()

	tagger := newTagger(t)
	const text = "John Smith works at Microsoft in London."
	want := tagger.Find(nil, text)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 100 {
				tagger.Find(nil, "Maria met Bob in Paris, and then they all flew to New York together.")
				if got := tagger.Find(nil, text); !slices.Equal(got, want) {
					t.Errorf("Find(%q) = %v beside others, alone %v", text, got, want)
					return
				}
			}
		})
	}
	wait.Wait()
}

// TestScoresOrder shows that the score tells the sure from the doubtful.
func TestScoresOrder(t *testing.T) {
	t.Parallel()

	tagger := newTagger(t)
	sure, doubtful := tagger.Find(nil, "John Smith lives in London."), tagger.Find(nil, "ask john about the paris trip")
	if len(sure) != 2 || len(doubtful) != 2 {
		t.Fatalf("found %v and %v, want two names in each", sure, doubtful)
	}
	for i := range sure {
		if sure[i].Score <= doubtful[i].Score {
			t.Errorf("name %d: score %.3f in plain text, %.3f in lower case; want less in lower case", i, sure[i].Score, doubtful[i].Score)
		}
	}
}

// TestFindIsLinear gives it what a quadratic scan would not survive.
func TestFindIsLinear(t *testing.T) {
	t.Parallel()

	tagger := newTagger(t)
	for _, text := range []string{
		strings.Repeat("a", 64<<10), strings.Repeat("New York ", 8<<10), strings.Repeat("😀", 10_000),
		strings.Repeat("a\u0301", 20_000), strings.Repeat("שלום ", 8<<10), strings.Repeat("a-", 32<<10),
	} {
		began := time.Now()
		tagger.Find(nil, text)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%d bytes of %.8q took %v", len(text), text, took)
		}
	}
}

func FuzzFind(f *testing.F) {
	tagger := newTagger(f)
	f.Add("John Smith's dog, @bob, AT&T-like\xff don't İ")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, n := range tagger.Find(nil, text) {
			if n.Start < end || n.End <= n.Start || n.End > len(text) {
				t.Fatalf("Find(%q): a name from %d to %d after %d", text, n.Start, n.End, end)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[n.Start:n.End]) {
				t.Fatalf("Find(%q) cut a character", text)
			}
			end = n.End
		}
	})
}

// message has 300 characters.
const message = "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp in New York? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance, really appreciate your help!"

func BenchmarkFind(b *testing.B) {
	tagger := newTagger(b)
	b.ReportAllocs()
	var found []names.Name
	for b.Loop() {
		found = tagger.Find(found[:0], message)
	}
}
