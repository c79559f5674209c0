package speech_test

import (
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Orders and arrangements in the words that people use in a conversation, each beside one
// that looks like it and is none.
func TestOrdersInTalk(t *testing.T) {
	t.Parallel()

	tests := map[string]speech.Kind{
		"Buy one in town, the company pays.":                         speech.ActionItem,
		"Rehearse in front of the group.":                            speech.ActionItem,
		"Contact support.":                                           speech.FollowUp,
		"Notify legal by Friday.":                                    speech.FollowUp,
		"Ring reception if you're late.":                             speech.FollowUp,
		"Call centre agents are busy.":                               "",
		"Contact details are below.":                                 "",
		"Get at least three.":                                        speech.ActionItem,
		"Look forward to meeting you.":                               "",
		"The figure is wrong, swap it before it goes to print.":      speech.ActionItem,
		"You open it, swap the figure and close it.":                 "",
		"The stairs are too narrow, have the captain ring me.":       speech.FollowUp,
		"And your new address, jot it down.":                         speech.ActionItem,
		"Then order more wire.":                                      speech.ActionItem,
		"Hang on to the receipt.":                                    speech.ActionItem,
		"Could you hang on for a second?":                            "",
		"Hold off on the announcement.":                              speech.ActionItem,
		"Would you see to that?":                                     speech.ActionItem,
		"Would you see that?":                                        "",
		"Can you speed that up?":                                     speech.ActionItem,
		"Pump it up then.":                                           speech.ActionItem,
		"Take blood cultures before the next dose, please.":          speech.ActionItem,
		"Take turns before the next dose.":                           "",
		"Keep it private until we have a patch.":                     speech.ActionItem,
		"Keep it simple.":                                            "",
		"Try it on a copy first.":                                    speech.ActionItem,
		"Try it.":                                                    "",
		"Offer them Friday or their money back.":                     speech.ActionItem,
		"Ask if he pays the hotel.":                                  speech.FollowUp,
		"See if it fits.":                                            speech.ActionItem,
		"See what you think.":                                        "",
		"Don't have anything repaired.":                              speech.ActionItem,
		"Don't have a cow.":                                          "",
		"Let me have your word count.":                               speech.ActionItem,
		"Let me have a look.":                                        "",
		"Everybody brings something to eat.":                         speech.ActionItem,
		"Everybody brings joy.":                                      "",
		"Nobody carries boxes downstairs, please.":                   speech.ActionItem,
		"Nobody carries boxes.":                                      "",
		"Whoever merges last updates the changelog.":                 speech.ActionItem,
		"Whoever said that was wrong.":                               "",
		"It goes on the door this afternoon.":                        speech.ActionItem,
		"It goes on and on this afternoon.":                          "",
		"One of you should let him in.":                              speech.ActionItem,
		"Could each of you ask two shops?":                           speech.FollowUp,
		"The hotel has to be told.":                                  speech.FollowUp,
		"The hotel has to be good.":                                  "",
		"The duplicates ought to be cleaned up.":                     speech.ActionItem,
		"The duplicates should be cleaned up.":                       "",
		"The docs need an update.":                                   speech.ActionItem,
		"We need an update.":                                         "",
		"My brother's collecting those on Sunday.":                   speech.ActionItem,
		"My brother's meeting us on Sunday.":                         "",
		"They're sending a mailing on the 30th.":                     speech.ActionItem,
		"She's calling me back on Monday.":                           speech.FollowUp,
		"One of our assessors will be in touch.":                     speech.FollowUp,
		"Nope, will reply tonight.":                                  speech.FollowUp,
		"Got it here, will hand it in.":                              speech.ActionItem,
		"You can expect the money by Friday.":                        speech.ActionItem,
		"You can expect rain by Friday.":                             "",
		"It'll be with you tomorrow.":                                speech.ActionItem,
		"I'd also need the files of the tables.":                     speech.ActionItem,
		"I'd need some sleep.":                                       "",
		"I'd ask management to sign the letter.":                     speech.ActionItem,
		"I'll note that on the slip.":                                speech.ActionItem,
		"I'll take it up with accounts.":                             speech.FollowUp,
		"I'll try them again after lunch.":                           speech.FollowUp,
		"I'll make that clear to them.":                              speech.FollowUp,
		"I'll go and see him.":                                       speech.FollowUp,
		"Put her through.":                                           speech.FollowUp,
		"The bicycles must be gone by the first.":                    speech.ActionItem,
		"I can stay late on Friday and do the biographies.":          speech.ActionItem,
		"The supplier is nice, we are going to stick to that plan.":  "",
		"If it takes longer, we'll replace it.":                      "",
		"If it takes longer, we'll replace it on Friday.":            speech.ActionItem,
		"You may buy what you need, keep the receipts.":              speech.ActionItem,
		"Behind the school, make a map.":                             speech.ActionItem,
		"I hope to have it and then, make a decision.":               "",
		"That needs a new lamp.":                                     speech.ActionItem,
		"She needs a new lamp.":                                      "",
		"Kindly quote its number on the invoice.":                    speech.ActionItem,
		"Would you mind looking at the printer?":                     speech.ActionItem,
		"Refund forty tickets.":                                      speech.ActionItem,
		"It ought to be looked at.":                                  speech.ActionItem,
		"I can come by on Tuesdays and Thursdays.":                   "",
		"Meet me halfway and we have a deal.":                        "",
		"Keep your fingers crossed.":                                 "",
		"Split it?":                                                  "",
		"Split it, please?":                                          speech.ActionItem,
		"We require a copy of the form.":                             speech.ActionItem,
		"You will get the purchase order from our office this week.": speech.ActionItem,
	}
	finder := speech.New()
	for text, want := range tests {
		var got speech.Kind
		for _, f := range finder.Find(nil, words.Split(nil, text), speech.People{}) {
			if f.Kind != speech.Question && f.Score >= 0.5 {
				got = f.Kind
			}
		}
		if got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

// A member who does something by arrangement is who is to do it; "take it" only takes on
// what was spoken of where nothing follows.
func TestArrangedWithNames(t *testing.T) {
	t.Parallel()

	who := speech.People{Speaker: "Bo", Members: words.NewNames([]string{"Amar"})}
	finder := speech.New()
	for text, name := range map[string]string{
		"Amar writes those, I'll edit.":        "Amar",
		"Amar works on Friday.":                "Amar",
		"Amar writes well.":                    "",
		"One of our assessors will call.":      "One of our assessors",
		"My brother's collecting it tomorrow.": "My brother",
		"Good point, Amar, add a page on it.":  "Amar",
		"Our lawyer should be done by Monday.": "Our lawyer",
	} {
		var names []string
		for _, f := range finder.Find(nil, words.Split(nil, text), who) {
			if f.Kind != speech.Question && f.Score >= 0.5 {
				names = append(names, text[f.Name.Start:f.Name.End])
			}
		}
		if name == "" && len(names) > 0 || name != "" && !slices.Contains(names, name) {
			t.Errorf("%q is for %q, want %q", text, names, name)
		}
	}
	for text, taken := range map[string]bool{"I'll take it.": true, "I'll take it to the copy shop.": false} {
		if f := finder.Find(nil, words.Split(nil, text), who); len(f) != 1 || f[0].Taken != taken {
			t.Errorf("%q gives %+v, want taken %t", text, f, taken)
		}
	}
}
