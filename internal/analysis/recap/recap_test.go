package recap_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/recap"
	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestWrite(t *testing.T) {
	t.Parallel()

	w := recap.New(speech.New())
	tests := []struct {
		text, want string
		kind       recap.Kind
	}{
		{"Great, I'll send you a quote for 120 seats by Thursday.", "Dana will send Marco a quote for 120 seats by Thursday.", recap.Task},
		{"Could you forward me your template?", "Marco should forward Dana their template.", recap.Task},
		{"The nurse will take some blood before you leave.", "The nurse will take some blood before Marco leaves.", recap.Task},
		{"I'll have Ann send you the list on Monday.", "Ann will send Marco the list on Monday.", recap.Task},
		{"Can I get a refund?", "", recap.Question},
		{"Please don't restart the workers.", "Marco should not restart the workers.", recap.Task},
		{"We decided to keep the old runner.", "They decided to keep the old runner.", recap.Decision},
		{"Let's go with B.", "They decided to go with B.", recap.Decision},
		{"Okay, let's go with option B then.", "They decided to go with option B.", recap.Decision},
		{"So we're going ahead with my draft.", "They decided to go ahead with Dana's draft.", recap.Decision},
		{"We'll go with the cheaper one, by the way.", "They decided to go with the cheaper one.", recap.Decision},
		{"Let's stick with Postgres.", "They decided to stick with Postgres.", recap.Decision},
		{"Agreed: the launch moves to December.", "They agreed that the launch moves to December.", recap.Decision},
		{"Agreed, twenty quid max.", "They agreed on twenty quid max.", recap.Decision},
		{"Final decision: we ship it on Friday.", "They decided that they ship it on Friday.", recap.Decision},
		{"The decision is to keep the old logo.", "The decision is to keep the old logo.", recap.Decision},
		{"Okay, plant sensor it is.", "They chose plant sensor.", recap.Decision},
		{"Lisbon it is then.", "They chose Lisbon.", recap.Decision},
		{"The board voted to close the branch.", "The board voted to close the branch.", recap.Decision},
		{"From now on, invoices need two signatures.", "From now on, invoices need two signatures.", recap.Decision},
		{"So we'll start the pilot in January.", "They will start the pilot in January.", recap.Decision},
		{"Then we double the order this time.", "They double the order this time.", recap.Decision},
		{"So we can't go on like this.", "", recap.Statement},
		{"Then we have to sign it.", "", recap.Task},
		{"So we'll see you on Friday?", "", recap.Question},
		{"Returns without a receipt only with my signature from now on.", "Returns without a receipt only with Dana's signature from now on.", recap.Decision},
		{"The Greens want six eggs a week from now on.", "", recap.Statement},
		{"It rained, so the talk on Sunday is off.", "It rained, so the talk on Sunday is off.", recap.Decision},
		{"I propose that Ann drafts the budget.", "Ann drafts the budget.", recap.Task},
		{"Agreed.", "", recap.Chatter},
		{"Agreed, please draft a list.", "", recap.Task},
		{"Should we go with B?", "", recap.Question},
		{"If we go with B, it costs more.", "", recap.Statement},
		{"Let's go with them to the station.", "", recap.Statement},
		{"We go for a walk every day.", "", recap.Statement},
		{"I don't know what it is.", "", recap.Statement},
		{"He has settled in well here.", "", recap.Statement},
		{"That takes two weeks once it's approved.", "", recap.Statement},
		{"Well, I think the price is too high.", "Dana thinks the price is too high.", recap.Statement},
		{"I don't have any money, and my sister is ill.", "Dana doesn't have any money, and Dana's sister is ill.", recap.Statement},
		{"No running for another three weeks.", "No running for another three weeks.", recap.Fragment},
		{"What are you working on?", "", recap.Question},
		{"Thanks for your time.", "", recap.Chatter},
		{"Sure.", "", recap.Chatter},
	}
	for _, tt := range tests {
		r := w.Read(recap.Remark{Speaker: "Dana", Addressee: "Marco", Members: words.NewNames([]string{"Dana", "Marco"}), Text: tt.text})
		if r.Kind != tt.kind {
			t.Errorf("%q is of kind %d, want %d", tt.text, r.Kind, tt.kind)
		}
		if got := w.Write(r); tt.want != "" && got != tt.want {
			t.Errorf("Write(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestWriteUnknown keeps what nobody is known to have said.
func TestWriteUnknown(t *testing.T) {
	t.Parallel()

	w := recap.New(speech.New())
	const text = "Well, I'll send you a quote."
	if got := w.Write(w.Read(recap.Remark{Text: text})); got != text {
		t.Errorf("Write(%q) = %q, want it unchanged", text, got)
	}
}

func FuzzWrite(f *testing.F) {
	w := recap.New(speech.New())
	f.Add("Ann, please don't forget my e-mail \xff and I’ll tag you", "Dana", "Marco")
	f.Fuzz(func(_ *testing.T, text, speaker, other string) {
		w.Write(w.Read(recap.Remark{Speaker: speaker, Addressee: other, Members: words.NewNames([]string{speaker, other}), Text: text}))
	})
}
