package runon_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/runon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// divided returns a text with a bar where sentences begin.
func divided(m *runon.Model, text string, names ...string) string {
	said := words.Split(nil, text)
	var b strings.Builder
	from := 0
	for _, n := range m.Starts(nil, said, func(w words.Word) bool { return slices.Contains(names, w.Lower) }) {
		b.WriteString(text[from:said[n].Start] + "| ")
		from = said[n].Start
	}
	return b.String() + text[from:]
}

func TestBare(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"Yes, I do. Can you come?":            "yes , i do | can you come",
		"It's on-line now! \"Good.\" We left": "it's on line now | good | we left",
		"Mr. Lee met J. Smith at noon. Right": "mr lee met j smith at noon | right",
		"Well... no: I mean yes. and so on":   "well ? no ? i mean yes ? and so on",
		"?! ...":                              "",
	} {
		p := runon.Bare(text)
		var said []string
		for i, w := range p.Said {
			switch p.Begins[i] {
			case runon.Yes:
				said = append(said, "|")
			case runon.Unknown:
				said = append(said, "?")
			case runon.Part:
				said = append(said, ",")
			case runon.No:
			}
			said = append(said, w.Text)
		}
		if got := strings.Join(said, " "); got != want {
			t.Errorf("Bare(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestJoin has sentences end where they are labelled to, whatever marks they have.
func TestJoin(t *testing.T) {
	t.Parallel()

	p := runon.Join([]string{"Well, no", "...", "saw it. I'm on it", "thanks"})
	var said []string
	for i, w := range p.Said {
		said = append(said, []string{"", "| ", ", ", "? "}[p.Begins[i]]+w.Text)
	}
	if got, want := strings.Join(said, " "), "well , no | saw it ? i'm on it | thanks"; got != want {
		t.Errorf("Join = %q, want %q", got, want)
	}
}

func TestPieces(t *testing.T) {
	t.Parallel()

	sizes := []int{2, 1, 3, 9}
	var got []string
	for _, p := range runon.Bare("One now. Two now. Three now. Four now. Five now.").Pieces(func() int { n := sizes[0]; sizes = sizes[1:]; return n }) {
		var said []string
		for i, w := range p.Said {
			if p.Begins[i] == runon.Yes {
				said = append(said, "|")
			}
			said = append(said, w.Text)
		}
		got = append(got, strings.Join(said, " "))
	}
	if diff := cmp.Diff([]string{"one now | two now", "three now", "four now | five now"}, got); diff != "" {
		t.Errorf("Pieces (-want +got):\n%s", diff)
	}
}

// lesson returns passages of an invented language, in which a sentence ends behind
// "zu" and a name belongs to what follows it.
func lesson(random *rand.Rand) (all []runon.Passage) {
	for range 400 {
		var text strings.Builder
		for range 1 + random.IntN(4) {
			if random.IntN(3) == 0 {
				text.WriteString("Vera ")
			}
			for range 1 + random.IntN(4) {
				text.WriteString([]string{"ka ", "le ", "mi ", "no "}[random.IntN(4)])
			}
			text.WriteString("zu. X")
		}
		p := runon.Bare(strings.ReplaceAll(text.String(), ". X", ". "))
		p.Names = map[string]bool{"vera": true}
		all = append(all, p)
	}
	return all
}

func TestNetworkLearnsItsLesson(t *testing.T) {
	t.Parallel()

	learn := func() (string, []byte) {
		random := rand.New(rand.NewPCG(1, 2))
		n := runon.NewNetwork([]string{"ka", "le", "mi", "no", "zu"}, nil, random)
		n.Learn(lesson(random), runon.Options{Rounds: 3, Rate: 0.02, Drop: 0.02, Own: 0.3}, random, func(int, float64) {})
		return n.Pack()
	}
	vocabulary, weights := learn()
	m, err := runon.Unpack(vocabulary, weights)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := divided(m, "ka no zu le zu tom mi mi zu no", "tom"), "ka no zu | le zu | tom mi mi zu | no"; got != want {
		t.Errorf("divided into %q, want %q", got, want)
	}
	if again, same := learn(); again != vocabulary || !slices.Equal(same, weights) {
		t.Error("the same passages and random numbers made other weights")
	}
	for _, broken := range [][]byte{nil, weights[:len(weights)-1], append(slices.Clone(weights), 0), []byte("run-on 0\n")} {
		if _, err := runon.Unpack(vocabulary, broken); !errors.Is(err, runon.ErrModel) {
			t.Errorf("Unpack of %d bytes: %v, want ErrModel", len(broken), err)
		}
	}
	if _, err := runon.Unpack(vocabulary+"zy\n", weights); !errors.Is(err, runon.ErrModel) {
		t.Errorf("Unpack with a word too many: %v, want ErrModel", err)
	}
}

// TestNetworkKnowsKin has words be told apart by those that are used alike, which the
// vocabulary lacks and no passage had.
func TestNetworkKnowsKin(t *testing.T) {
	t.Parallel()

	random := rand.New(rand.NewPCG(1, 2))
	n := runon.NewNetwork([]string{"ka", "le", "mi", "no", "zu"}, map[string]uint8{"zi": 7, "zo": 7, "ka": 1, "le": 1, "zu": 7}, random)
	n.Learn(lesson(random), runon.Options{Rounds: 6, Rate: 0.02, Drop: 0.3, Own: 0.3}, random, func(int, float64) {})
	m, err := runon.Unpack(n.Clone().Pack())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := divided(m, "ka no zi le zo mi mi zu no"), "ka no zi | le zo | mi mi zu | no"; got != want {
		t.Errorf("divided into %q, want %q", got, want)
	}
}

// FuzzStarts shows that sentences begin with words of the text, one after the other,
// and that the same text is divided in the same way.
func FuzzStarts(f *testing.F) {
	for _, text := range []string{"", "a", "ok thanks can you send it", "don't \" - '' 12 a.b c-d", strings.Repeat("so ", 300), "\xff\x00 é 好 好"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		said := words.Split(nil, text)
		got := runon.English().Starts(nil, said, nil)
		last := 0
		for _, n := range got {
			if n <= last || n >= len(said) || said[n].IsMark() || said[n-1].End == said[n].Start {
				t.Fatalf("Starts(%q) = %v of %d words", text, got, len(said))
			}
			last = n
		}
		if again := runon.English().Starts(nil, said, nil); !slices.Equal(got, again) {
			t.Fatalf("Starts(%q) = %v, then %v", text, got, again)
		}
	})
}

func BenchmarkStarts(b *testing.B) {
	said := words.Split(nil, "okay thanks for that i will have a look at the numbers tonight and send you what i find could you ask sarah whether the room is free on thursday we need it from nine to twelve if it isn't we can meet at my place there is coffee and a big table my neighbour is away so nobody minds the noise see you then")
	b.ReportAllocs()
	for b.Loop() {
		runon.English().Starts(nil, said, nil)
	}
}
