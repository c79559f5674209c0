package todo_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/todo"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// loadLexicon reads the lexicon once, which takes long with the race detector.
var loadLexicon = sync.OnceValues(lexicon.Load)

func newLexicon(tb testing.TB) *lexicon.Lexicon {
	tb.Helper()
	lex, err := loadLexicon()
	if err != nil {
		tb.Fatal(err)
	}
	return lex
}

func newModel(tb testing.TB) *todo.Model {
	tb.Helper()
	m, err := todo.New(newLexicon(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// TestEstimate has sentences that none of the text has that the weights were learned from.
func TestEstimate(t *testing.T) {
	t.Parallel()

	m := newModel(t)
	tests := []struct {
		text       string
		task, talk bool
	}{
		{"Dig the old tent out of the attic before Friday.", true, false},
		{"I'll glue the handle back on tonight.", true, false},
		{"Give the sexton a ring about the key.", true, true},
		{"Tell your uncle that we will be late, please.", true, true},
		{"The bus was late again this morning.", false, false},
		{"We used to sail there every summer.", false, false},
		{"How did you like the concert?", false, false},
		{"", false, false},
	}
	for _, tt := range tests {
		e := m.Estimate(words.Split(nil, tt.text), nil)
		if (e.Task > 0.6) != tt.task || (e.Task < 0.3) == tt.task || tt.task && (e.Talk > 0.5) != tt.talk {
			t.Errorf("Estimate(%q) = %+v; want a task: %t, of talk: %t", tt.text, e, tt.task, tt.talk)
		}
	}
}

// TestMembersAreNames checks that the model takes the names of those who take part for the same.
func TestMembersAreNames(t *testing.T) {
	t.Parallel()

	m := newModel(t)
	one := m.Estimate(words.Split(nil, "Svetlana, wrap these up."), words.NewNames([]string{"Svetlana Orlova"}))
	other := m.Estimate(words.Split(nil, "Zebulon, wrap these up."), words.NewNames([]string{"Zebulon"}))
	if one != other {
		t.Errorf("two names give %+v and %+v, want the same", one, other)
	}
	if nobody := m.Estimate(words.Split(nil, "Svetlana, wrap these up."), nil); nobody == one {
		t.Errorf("a member gives %+v as any word does", one)
	}
}

// TestLearn learns from little text what a word tells, twice the same.
func TestLearn(t *testing.T) {
	t.Parallel()

	lex := newLexicon(t)
	var all []todo.Example
	for thing := range strings.FieldsSeq("roof gate boat lamp chair door shed wall") {
		all = append(all,
			todo.Example{Words: words.Split(nil, "please mend the "+thing), Task: true, Weight: 1},
			todo.Example{Words: words.Split(nil, "please phone about the "+thing), Task: true, Talk: true, Weight: 1},
			todo.Example{Words: words.Split(nil, "they had a "+thing), Weight: 1})
	}
	first := todo.Learn(lex, all).Pack()
	if again := todo.Learn(lex, all).Pack(); !bytes.Equal(first, again) {
		t.Error("the same examples made other weights")
	}
	m, err := todo.Unpack(lex, first)
	if err != nil {
		t.Fatal(err)
	}
	mend := m.Estimate(words.Split(nil, "please mend the bridge"), nil)
	phone := m.Estimate(words.Split(nil, "please phone about the bridge"), nil)
	had := m.Estimate(words.Split(nil, "they had a bridge"), nil)
	if mend.Task < 0.7 || phone.Task < 0.7 || had.Task > 0.3 || mend.Talk > 0.4 || phone.Talk < 0.6 {
		t.Errorf("mend %+v, phone %+v, had %+v", mend, phone, had)
	}
}

func TestUnpackRefusesOther(t *testing.T) {
	t.Parallel()

	lex := newLexicon(t)
	whole := todo.Learn(lex, nil).Pack()
	for name, all := range map[string][]byte{"nothing": nil, "text": []byte("weights"), "a part": whole[:len(whole)/2]} {
		if _, err := todo.Unpack(lex, all); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestEstimateAllocatesNothing checks that the buffers are used again. With the race detector
// the pool loses some of them.
func TestEstimateAllocatesNothing(t *testing.T) {
	m := newModel(t)
	said, people := words.Split(nil, "Could you send me the minutes of the last three meetings, please?"), words.NewNames([]string{"Ann Lee"})
	if n := testing.AllocsPerRun(100, func() { m.Estimate(said, people) }); n > 4 {
		t.Errorf("%v allocations for a sentence", n)
	}
}
