package speech_test

import (
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Each way to say what is to be done stands beside one that looks like it and says
// nothing of the kind.
func TestWaysToSayIt(t *testing.T) {
	t.Parallel()

	tests := map[string]speech.Kind{
		"Half a metre, ask Jorun to raise it.":                            speech.FollowUp,
		"Whoever can work that day, tell me by noon.":                     speech.FollowUp,
		"I'll get on to the hire people.":                                 speech.FollowUp,
		"It needs descaling, that's all.":                                 speech.ActionItem,
		"It needs evening light.":                                         "",
		"The trophies want engraving, too.":                               speech.ActionItem,
		"They want nothing, too.":                                         "",
		"The window could do with a clean.":                               speech.ActionItem,
		"I could do with a coffee.":                                       "",
		"Kirsten will hear it from me, today.":                            speech.FollowUp,
		"Kirsten will hear it from the street, today.":                    "",
		"He'll have a letter tomorrow.":                                   speech.FollowUp,
		"He'll have a baby tomorrow.":                                     "",
		"If there's still nothing, you call the emergency line, please.":  speech.FollowUp,
		"If you call the number, you get a discount.":                     "",
		"It would help if you called them and gave them our new address.": speech.FollowUp,
		"It would help if you were calmer.":                               "",
		"You might want to put the times into the contract.":              speech.ActionItem,
		"You might want too much.":                                        "",
		"I had better check with them about the lift.":                    speech.FollowUp,
		"I had a better check with them.":                                 "",
		"The printer wants it by Tuesday.":                                speech.ActionItem,
		"The printer wants a holiday.":                                    "",
		"She wants to leave by Tuesday.":                                  "",
		"The insurer asks for a form by Friday.":                          speech.ActionItem,
		"It'll be in your inbox by tonight.":                              speech.ActionItem,
		"It'll be dark by tonight.":                                       "",
		"The crates have to come in by Wednesday.":                        speech.ActionItem,
		"The tree has to come down.":                                      speech.ActionItem,
		"The day has to come.":                                            "",
		"He has to come down.":                                            "",
		"Reports have to be with the parents by Thursday.":                speech.ActionItem,
		"It has to be with him by choice.":                                speech.ActionItem,
		"Then we meet here tomorrow.":                                     speech.FollowUp,
		"When we meet here tomorrow.":                                     "",
		"We review it together on Friday.":                                speech.ActionItem,
		"We live together.":                                               "",
		"Shall we say Tuesday?":                                           speech.FollowUp,
		"Shall we say it?":                                                "",
		"You'll get a call.":                                              speech.FollowUp,
		"You'll get a cold.":                                              "",
		"I'll have it on your desk tomorrow.":                             speech.ActionItem,
		"I'll have it with milk.":                                         "",
		"I'll have them ready tonight.":                                   speech.ActionItem,
		"Line them up.":                                                   speech.ActionItem,
		"Good idea, drop her a line.":                                     speech.FollowUp,
		"Do that today.":                                                  speech.ActionItem,
		"Do that.":                                                        "",
		"Get it fixed.":                                                   speech.ActionItem,
		"Get it?":                                                         "",
		"Go ahead with the pads.":                                         speech.ActionItem,
		"Go ahead.":                                                       "",
		"I want eighty lines by four.":                                    speech.ActionItem,
		"No running for another week.":                                    speech.ActionItem,
		"No problem.":                                                     "",
		"Don't eat anything after midnight.":                              speech.ActionItem,
		"I'd like everybody to sign it.":                                  speech.ActionItem,
		"I'm writing to the tax office this afternoon.":                   speech.FollowUp,
		"I'm writing to complain this afternoon.":                         "",
		"ok emailing her":                                                 speech.FollowUp,
		"The police want it by the end of the week.":                      speech.ActionItem,
		"The police want it in the end.":                                  "",
		"Get two quotes from them.":                                       speech.ActionItem,
		"Get two dogs.":                                                   "",
		"The guests need the address two weeks ahead.":                    speech.ActionItem,
		"We will get there.":                                              "",
		"I'll print you a list, it'll only take a second.":                "",
		"I'll print you a list, it'll take a week.":                       speech.ActionItem,
		"You'll want to send us the number within a day.":                 speech.ActionItem,
		"For this I need a photo and your passport.":                      speech.ActionItem,
		"I need three cups every Tuesday.":                                "",
		"Hide it in cheese.":                                              speech.ActionItem,
		"She mustn't jump until Friday.":                                  speech.ActionItem,
		"She mustn't jump.":                                               "",
		"The valuer will arrange it.":                                     speech.ActionItem,
		"The boiler will arrange it.":                                     "",
		"I'll need you to leave the keys.":                                speech.ActionItem,
		"Please don't by tomorrow don't":                                  "",
		"We should check where the boundary runs.":                        speech.ActionItem,
		"We should add an index before it gets worse.":                    speech.ActionItem,
		"We could add an index.":                                          "",
		"We should see a light there.":                                    "",
		"Can I see the plan?":                                             speech.ActionItem,
		"Can I see the sea?":                                              "",
		"We should warn the neighbours.":                                  speech.FollowUp,
		"I must warn you.":                                                "",
		"You'd better call them.":                                         speech.FollowUp,
		"You know better than that.":                                      "",
		"I'd have to ask my manager.":                                     speech.FollowUp,
		"We'd have to charge you for it.":                                 "",
		"The drip needs changing.":                                        speech.ActionItem,
		"He needs encouraging words.":                                     "",
		"The lights have to be up by Monday.":                             speech.ActionItem,
		"He has to be up by six.":                                         "",
		"I want them cleaned before Friday.":                              speech.ActionItem,
		"I like them baked.":                                              "",
		"I want a plan for the repairs by Friday.":                        speech.ActionItem,
		"I want a dog.":                                                   "",
		"What I still need is your passport.":                             speech.ActionItem,
		"What I need is to sleep.":                                        "",
		"Don't forget the receipt.":                                       speech.ActionItem,
		"Don't forget that it rains.":                                     "",
		"You mustn't sell the car before the hearing.":                    speech.ActionItem,
		"You mustn't worry.":                                              "",
		"Don't let him carry the machine.":                                speech.ActionItem,
		"Don't let it bother you.":                                        "",
		"Stop sending me the list.":                                       speech.ActionItem,
		"Somebody call the lift company.":                                 speech.FollowUp,
		"Somebody put it there.":                                          "",
		"I'll write it and you check it.":                                 speech.ActionItem,
		"omar call the lab":                                               speech.FollowUp,
		"Do send me the list.":                                            speech.ActionItem,
		"Bring cash.":                                                     speech.ActionItem,
		"Water damage is not covered.":                                    "",
		"Give her the second key.":                                        speech.ActionItem,
		"Take the chairs from the cellar.":                                speech.ActionItem,
		"Take the weather, for example.":                                  "",
		"Keep an eye on bed two.":                                         speech.ActionItem,
		"Keep in mind that it rains.":                                     "",
		"Have a look at the logs, please.":                                speech.ActionItem,
		"Let me have the name by Thursday.":                               speech.ActionItem,
		"You'll have it by Friday.":                                       speech.ActionItem,
		"You'll have fun.":                                                "",
		"You'll hear from us within two weeks.":                           speech.FollowUp,
		"I told my brother to call the plumber.":                          speech.FollowUp,
		"They told us to go home.":                                        "",
		"He said he'd ring around noon.":                                  speech.FollowUp,
		"The supplier is delivering the windows on Tuesday":               speech.ActionItem,
		"The supplier is delivering the windows.":                         "",
		"Taking them down tonight.":                                       speech.ActionItem,
		"Taking them down tonight is forbidden.":                          "",
		"Would you be so kind as to remind him?":                          speech.FollowUp,
		"It would help if one of you could check it.":                     speech.ActionItem,
		"Could you remind me how many there are?":                         "",
		"Could you read me the serial number?":                            "",
		"Could you read the draft?":                                       speech.ActionItem,
		"Can I have the results before Christmas?":                        speech.ActionItem,
		"Can I have a dog?":                                               "",
		"I'll pass it on to him.":                                         speech.FollowUp,
		"I'll raise it with my manager.":                                  speech.FollowUp,
		"I'll raise the rent.":                                            speech.ActionItem,
		"I'll double-check with the team.":                                speech.FollowUp,
		"Chase them tonight, please.":                                     speech.FollowUp,
		"I'll chase the bug.":                                             speech.ActionItem,
		"Come round for tea on Sunday.":                                   speech.FollowUp,
		"Come on, it's late.":                                             "",
		"We'll cope.":                                                     "",
		"I'll do my best.":                                                "",
		"I'll give you an example.":                                       "",
		"I have to run.":                                                  "",
	}
	finder := speech.New()
	people := speech.People{Speaker: "Zed", Members: words.NewNames([]string{"Omar", "Ann"})}
	for text, want := range tests {
		var got speech.Kind
		for _, f := range finder.Find(nil, words.Split(nil, text), people) {
			if f.Score >= cut && f.Kind != speech.Question {
				got = f.Kind
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// "He" and "she" are who was named before, where it is one.
func TestSpokenOf(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"Sophie is on it, she will send it to you next week.": "Sophie",
		"She will send it to you next week.":                  "",
	} {
		found := find(text, speech.People{Speaker: "Zed", Members: words.NewNames([]string{"Sophie", "Ann"})})
		if i := slices.IndexFunc(found, func(f speech.Finding) bool {
			return text[f.Name.Start:f.Name.End] == want && f.Assignee == speech.Third
		}); i < 0 {
			t.Errorf("%q: %+v, want %q", text, found, want)
		}
	}
}
