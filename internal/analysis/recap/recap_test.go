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
		{"Okay, okay, so we take all six.", "They take all six.", recap.Decision},
		{"Then the migration is on Sunday at six.", "The migration is on Sunday at six.", recap.Decision},
		{"Then they don't play on Saturday.", "They don't play on Saturday.", recap.Decision},
		{"Then the firm in the middle is appointed.", "The firm in the middle is appointed.", recap.Decision},
		{"Then the door is open.", "", recap.Statement},
		{"A survey was carried out by the board.", "", recap.Statement},
		{"It has been broken since we moved in.", "", recap.Statement},
		{"From me, the auditors are in the building.", "", recap.Statement},
		{"Nobody deploys anything until it is.", "", recap.Task},
		{"So we can't go on like this.", "", recap.Statement},
		{"Then we have to sign it.", "", recap.Task},
		{"So we'll see you on Friday?", "", recap.Question},
		{"Returns without a receipt only with my signature from now on.", "Returns without a receipt only with Dana's signature from now on.", recap.Decision},
		{"The Greens want six eggs a week from now on.", "", recap.Statement},
		{"It rained, so the talk on Sunday is off.", "It rained, so the talk on Sunday is off.", recap.Decision},
		{"I propose that Ann drafts the budget.", "Dana proposes that Ann drafts the budget.", recap.Task},
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

// TestWriteTasks writes tasks as clauses that are whole, of the one who is to do them, with a
// verb that fits; where that is not possible, the sentence as a statement.
func TestWriteTasks(t *testing.T) {
	t.Parallel()

	w := recap.New(speech.New())
	tests := []struct{ text, want string }{
		// verbs that end as others do
		{"Please bring your insurance card, the old one has expired.", "Marco should bring their insurance card."},
		{"Would you mind circulating the accounts before then?", "Marco should circulate the accounts before then."},
		{"I'm writing the tests for the payment page today.", "Dana is writing the tests for the payment page today."},
		{"That needs correcting, I'll take it up with payroll.", "That needs correcting, Dana will take it up with payroll."},
		{"The landlord wants an answer before Easter.", "The landlord wants an answer before Easter."},
		{"Everyone writes what they want on the sheet.", "Everyone writes what they want on the sheet."},
		{"She's picking them up next week.", "She's picking them up next week."},
		{"No running for another three weeks, please.", "No running for another three weeks, please."},
		// how it binds
		{"We should fill the barrels from the church.", "They should fill the barrels from the church."},
		{"I have to talk to the works council.", "Dana has to talk to the works council."},
		{"We still need to tell the bank our new address.", "They need to tell the bank their new address."},
		{"Too late, but we can stick a strip over the date.", "They can stick a strip over the date."},
		{"I'd better sound out the library as well.", "Dana should sound out the library as well."},
		{"I want to fly to Lisbon on December 12th.", "Dana wants to fly to Lisbon on December 12th."},
		{"I propose we freeze hiring until April.", "Dana proposes they freeze hiring until April."},
		// who it is said of
		{"Put it on my list and I'll sign it off.", "Put it on Dana's list and Dana will sign it off."},
		{"I'll have it corrected and you'll get it this afternoon.", "Dana will have it corrected and Marco will get it this afternoon."},
		{"I'm meeting him on the 9th, so give me your views before that.", "Dana is meeting him on the 9th, so give Dana Marco's views before that."},
		{"I'll freeze it on Thursday, so any wishes have to reach me before that.", "Dana will freeze it on Thursday, so any wishes have to reach Dana before that."},
		{"The papers have to reach members no later than the 21st.", "The papers have to reach members no later than the 21st."},
		{"Can everyone tell me by Wednesday which date suits them?", "Everyone should tell Dana by Wednesday which date suits them."},
		{"Could someone ring me instead?", "Someone should ring Dana instead."},
		{"Can one of you swap with me on Sunday?", "Someone should swap with Dana on Sunday."},
		{"My assistant will phone you in ten days.", "Dana's assistant will phone Marco in ten days."},
		{"A supervisor will call you back this evening.", "A supervisor will call Marco back this evening."},
		{"I'll get the house technician to do it first thing tomorrow.", "The house technician will do it first thing tomorrow."},
		{"Call me later, Marco.", "Marco should call Dana later."},
		// whole clauses
		{"Tidy your room before she comes.", "Marco should tidy their room before she comes."},
		{"Tell your neighbours before we come with the digger.", "Marco should tell their neighbours before they come with the digger."},
		{"Bring a list of everything you're taking.", "Marco should bring a list of everything they are taking."},
		{"Kindly confirm by return that you can attend.", "Marco should confirm by return that they can attend."},
		{"I'll talk to my manager and see what I can do.", "Dana will talk to their manager and see what they can do."},
		{"Please don't restart the workers until I say so.", "Marco should not restart the workers until Dana says so."},
		{"Make sure somebody is at the flat to let him in.", "Marco should make sure somebody is at the flat to let him in."},
		{`Press the Windows key and type "credential".`, `Marco should press the Windows key and type "credential".`},
		{"I'll write to mr. graham tonight", "Dana will write to mr. graham tonight."},
		{"It'd be good if you got him a notebook.", "It'd be good if Marco got him a notebook."},
		// no tasks
		{"Could I have your order number, please?", "Could Dana have Marco's order number, please?"},
		{"How soon can we train her?", "How soon can they train her?"},
	}
	for _, tt := range tests {
		r := w.Read(recap.Remark{Speaker: "Dana", Addressee: "Marco", Members: words.NewNames([]string{"Dana", "Marco"}), Text: tt.text})
		if got := w.Write(r); got != tt.want {
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
	f.Add("let's have Ann -, then get Marco to, and don't mind", "Dana", "Marco")
	f.Fuzz(func(_ *testing.T, text, speaker, other string) {
		w.Write(w.Read(recap.Remark{Speaker: speaker, Addressee: other, Members: words.NewNames([]string{speaker, other}), Text: text}))
	})
}
