package speech_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// TestQuestionsWithoutMarks has questions that only their words tell, as speech that a
// machine wrote down has them, and what begins in the same way and asks nothing.
func TestQuestionsWithoutMarks(t *testing.T) {
	t.Parallel()

	f := speech.New()
	who := speech.People{Speaker: "Ann", Members: words.NewNames([]string{"Ann", "Raj Patel"})}
	for text, want := range map[string]bool{
		"who brings the ladder":                         true,
		"raj who brings the ladder":                     true,
		"who knows":                                     false,
		"what if the pump fails again":                  true,
		"what brings you here":                          true,
		"good morning mrs lee what brings you here":     true,
		"what a day":                                    false,
		"which room":                                    true,
		"which is fine":                                 false,
		"how many boxes":                                true,
		"how lovely":                                    false,
		"until when":                                    true,
		"until friday":                                  false,
		"anything else":                                 true,
		"could whoever has the key open the gate":       true,
		"would next week suit you":                      true,
		"would be great":                                false,
		"can confirm that":                              false,
		"will do":                                       false,
		"should the lamp hang over the table":           true,
		"should you need the key ring me":               false,
		"have the guests been told":                     true,
		"have the guests sign the book":                 false,
		"is that settled":                               true,
		"haven't you eaten":                             true,
		"don't it breaks":                               false,
		"put the kettle on would you":                   true,
		"she can't have left could she":                 true,
		"she left as would you":                         false,
		"this is the front desk how can i help":         true,
		"tell me how i can help":                        false,
		"is it":                                         true,
		"Would be great, could whoever has the key run": false,
	} {
		found := f.Find(nil, words.Split(nil, text), who)
		got := len(found) > 0 && found[0].Kind == speech.Question && found[0].Score >= 0.5
		if got != want {
			t.Errorf("%q is a question: %t, want %t", text, got, want)
		}
	}
}
