package speech_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

const cut = 0.5

func find(text string, who speech.People) []speech.Finding {
	return speech.New().Find(nil, words.Split(nil, text), who)
}

// kinds returns what a sentence was found to be, for sure.
func kinds(text string) (kinds []speech.Kind) {
	for _, f := range find(text, speech.People{}) {
		if f.Score >= cut {
			kinds = append(kinds, f.Kind)
		}
	}
	return kinds
}

func TestQuestion(t *testing.T) {
	t.Parallel()

	tests := map[string]bool{
		"Are you free on Friday?":                       true,
		"It actually does not have speakers, right?":    true,
		"Which one? I mean the blue one.":               true,
		"您星期五有空吗？":                                      true,
		"are you free on friday":                        true,
		"So, um, do we know the price":                  true,
		"Bob, is the room free":                         true,
		"Thanks, and can you bring the list.":           true,
		"When will it be removed":                       true,
		"What about Friday or Saturday night.":          true,
		"How many should we sell":                       true,
		"It works, right":                               true,
		"They sent it, didn't they":                     true,
		"I was wondering if the room is free.":          true,
		"Any news on the contract":                      true,
		"Anyone know the price":                         true,
		"We want to know which one you took.":           true,
		"It is broken can you please send it again.":    true,
		"Can you, please, come to the desk.":            true,
		"what kind of music do you listen to":           true,
		"do people really want a display on it":         true,
		"is breakfast included on the plane":            true,
		"by when do you need that":                      true,
		"what about the website":                        true,
		"can you talk to sarah":                         true,
		"you want the blue one right":                   true,
		"He wants to know where it is":                  false,
		"do the dishes":                                 false,
		"turn right":                                    false,
		"Bob is the first of them.":                     false,
		"He is late, so is the train.":                  false,
		"Here is the name (sp?) that you wanted.":       false,
		"If you want to know what it is, read on.":      false,
		"Hi Bob, how are you?":                          false,
		"How was your weekend?":                         false,
		"Sorry?":                                        false,
		"The form is at x.org/a?b=c for you.":           false,
		"Do the dishes.":                                false,
		"Have a nice day.":                              false,
		"So do I.":                                      false,
		"What I need is a new chair.":                   false,
		"My colleague, who has a test, is late.":        false,
		"Should you see him, say hello.":                false,
		"I was sick and would like a day to read it.":   false,
		"We met Bob, which is why I am late.":           false,
		"I know when the train leaves.":                 false,
		"The room is free on Friday.":                   false,
		"Let me know when our new lists are available.": false,
		"That is right.":                                false,
		"I don't have any idea.":                        false,
		"The one who has seen it is away.":              false,
		"":                                              false,
	}
	for text, want := range tests {
		if got := slices.Contains(kinds(text), speech.Question); got != want {
			t.Errorf("%q is a question: %t, want %t", text, got, want)
		}
	}
}

func TestAction(t *testing.T) {
	t.Parallel()

	tests := map[string]speech.Kind{
		// Commitments.
		"I'll send you the report.":                             speech.ActionItem,
		"i’ll send you the report":                              speech.ActionItem,
		"So I I uh I will just check the numbers.":              speech.ActionItem,
		"I will, of course, send it.":                           speech.ActionItem,
		"I saw the draft and will review it tonight.":           speech.ActionItem,
		"Mark will handle it.":                                  speech.ActionItem,
		"My colleague will send you the form.":                  speech.ActionItem,
		"She's going to fix the page.":                          speech.ActionItem,
		"We'll be turning a new draft to Peoples today.":        speech.ActionItem,
		"I will have the numbers for you by Friday.":            speech.ActionItem,
		"I'm sending you the file.":                             speech.ActionItem,
		"I will complete the presentation by the end of today.": speech.ActionItem,
		"I'll call Bob tomorrow.":                               speech.FollowUp,
		"My assistant, Ann Lee, will call you.":                 speech.FollowUp,
		"I will get back to you.":                               speech.FollowUp,
		"I'll stay after class to meet with them.":              speech.FollowUp,
		"I'll check the file and let you know.":                 speech.FollowUp,
		"I shall E-mail you a date.":                            speech.FollowUp,
		"I'd be happy to discuss it with you.":                  speech.FollowUp,
		"I have asked Ann to schedule a call.":                  speech.FollowUp,
		"I have asked Ann Lee to call you.":                     speech.FollowUp,
		"I'll see what I can do and get back to you.":           speech.FollowUp,
		"I'll keep you posted.":                                 speech.FollowUp,
		"We should disc discuss that.":                          speech.FollowUp,
		"I'll book a meeting room.":                             speech.ActionItem,
		"IBM will send a bill.":                                 "",
		"Readers will find it.":                                 "",
		"I'm away today and will be happy to discuss it.":       speech.FollowUp,
		"Gonna fix it tonight.":                                 speech.ActionItem,
		"Ann plans to finish it tomorrow.":                      speech.ActionItem,
		"You were going to fix it.":                             speech.ActionItem,
		"That's something we will fix.":                         "",
		"The new parts that we will make are small.":            "",
		"Those are the pages you have to read.":                 "",
		"We will now send round the list.":                      "",
		"We'll continue to support it.":                         "",
		"I'll take this opportunity to thank him.":              "",
		"I will introduce myself.":                              "",
		"I hope you will fix it.":                               "",
		"The firm plans to sell cars.":                          "",
		"Let's call it a day.":                                  "",
		"I will be out of town on Monday.":                      "",
		"I shall be glad to attend.":                            "",
		"I'll see you tomorrow.":                                "",
		"I won't send it.":                                      "",
		"The batteries will last a year.":                       "",
		"The company will send a bill.":                         "",
		"I was going to add one thing.":                         "",
		"I am going to Chicago tomorrow.":                       "",
		"You will receive a letter.":                            "",
		"I must say that it looks good.":                        "",
		"What I will send is a surprise.":                       "",
		"We'll move on to the next point, if I will find it.":   "",
		// Requests and orders.
		"Please return a copy to me.":                              speech.ActionItem,
		"Please, have two copies made.":                            speech.ActionItem,
		"Could you fax me the list?":                               speech.ActionItem,
		"Can you please print these.":                              speech.ActionItem,
		"I need you to sign it.":                                   speech.ActionItem,
		"It would be great if you could sign it.":                  speech.ActionItem,
		"Would you mind sending me the list?":                      speech.ActionItem,
		"I need your comments by Friday.":                          speech.ActionItem,
		"An answer by Friday would be appreciated.":                speech.ActionItem,
		"Get me the schedule for next year.":                       speech.ActionItem,
		"Don't forget to fill in the form.":                        speech.ActionItem,
		strings.ToUpper("todo") + ": fix the login page":           speech.ActionItem,
		"Bob to write the minutes by Friday.":                      speech.ActionItem,
		"Call me tomorrow.":                                        speech.FollowUp,
		"If you don't get it tomorrow, let me know.":               speech.FollowUp,
		"Please let me know by tomorrow if you have any comments.": speech.FollowUp,
		"Can you meet me there?":                                   speech.FollowUp,
		"Please give Bob a call.":                                  speech.FollowUp,
		"Why don't you check with Ann?":                            speech.FollowUp,
		"Watch it and tell me what you think.":                     speech.FollowUp,
		"If you want to know more let me know.":                    speech.FollowUp,
		"I'm in a meeting now so call me.":                         speech.FollowUp,
		"Can you two check with Ann?":                              speech.FollowUp,
		"Would you be willing to meet us?":                         speech.FollowUp,
		"Could you put me in touch with Ann?":                      speech.FollowUp,
		"Can I get copies please?":                                 speech.ActionItem,
		"Please include me in the list.":                           speech.ActionItem,
		"I'd be grateful if you would sign it.":                    speech.ActionItem,
		"I need someone to check it.":                              speech.ActionItem,
		"If it fails, send me the log.":                            speech.ActionItem,
		"Please sign it if you want to.":                           "",
		"Could I get a copy of the plan?":                          speech.ActionItem,
		"Would you show Bob the way?":                              speech.ActionItem,
		"Will you have the team order it?":                         speech.ActionItem,
		"Have Bob check the numbers.":                              speech.ActionItem,
		"Take a moment to write it down.":                          speech.ActionItem,
		"I would appreciate your help.":                            speech.ActionItem,
		"I would appreciate you signing it.":                       speech.ActionItem,
		"We will need the list by Monday.":                         speech.ActionItem,
		"Please use the link below to sign in.":                    "",
		"He also let me know about it.":                            "",
		"Would you rather read it now?":                            "",
		"What will you make of it?":                                "",
		"Please tell your friends about it.":                       "",
		"Please find the file attached.":                           "",
		"Please join me in wishing her well.":                      "",
		"If you have any questions, please call me.":               "",
		"When you are ready to speak, please activate your mic.":   "",
		"Can you tell me the price?":                               "",
		"Could you explain that?":                                  "",
		"Call quality was poor.":                                   "",
		"Talk to you tomorrow.":                                    "",
		"Get some rest.":                                           "",
		"Can we still make the 14th?":                              "",
		"Can you make Friday?":                                     "",
		"Can you make the slides on Friday?":                       speech.ActionItem,
		// Obligations and proposals.
		"I have to finish the slides.":                          speech.ActionItem,
		"We need to test this first.":                           speech.ActionItem,
		"I think we have to work on the other priority issues.": speech.ActionItem,
		"I should take some pictures.":                          speech.ActionItem,
		"We can resize these little icons.":                     speech.ActionItem,
		"The next step is to write the report.":                 speech.ActionItem,
		"The form needs to be updated.":                         speech.ActionItem,
		"I may have to schedule a meeting with them.":           speech.FollowUp,
		"Let's meet on Monday.":                                 speech.FollowUp,
		"I would like to meet with you.":                        speech.FollowUp,
		"I'm trying to set up a call with Ann.":                 speech.FollowUp,
		"We could set up a time to talk.":                       speech.FollowUp,
		"I suggest a call on Monday.":                           speech.FollowUp,
		"My recommendation is to call Bob first.":               speech.FollowUp,
		"The two of us need to meet.":                           speech.FollowUp,
		"You may need to check with Ann.":                       speech.FollowUp,
		"I was hoping we could find a time to talk.":            speech.FollowUp,
		"I would appreciate a chance to talk to you.":           speech.FollowUp,
		"Let's talk about the plan.":                            speech.FollowUp,
		"Would be happy to discuss it.":                         speech.FollowUp,
		"I would like to invite you.":                           "",
		"Tried to call, but nobody was in.":                     "",
		"I would suggest that we meet.":                         speech.FollowUp,
		"It may be useful to have a quick call.":                speech.FollowUp,
		"I would be interested in meeting you.":                 speech.FollowUp,
		"We would like the chance to talk to you.":              speech.FollowUp,
		"You need to sign it.":                                  speech.ActionItem,
		"You have to sign it to see the page.":                  "",
		"They have to test it.":                                 "",
		"We could make it blue.":                                "",
		"We have to do something about it.":                     "",
		"I don't think we should change it.":                    "",
		"It doesn't mean that we have to change it.":            "",
		"She said we should fix it.":                            "",
		"It looks like we have to change it.":                   "",
		"I have to tell you that it failed.":                    "",
		"I'd like to remind members of the rules.":              "",
		"You don't have to write it.":                           "",
		"I had to write it.":                                    "",
		"That's something you have to keep in mind.":            "",
		"It is cheap, so that we can sell more.":                "",
		"I may have a meeting tomorrow.":                        "",
		"We would like to sell some new products.":              "",
		"If I have to write it, it takes a week.":               "",
		"Should I send it?":                                     "",
		"I look forward to meeting you.":                        "",
		"Ich werde den Bericht morgen schicken.":                "",
		"我明天会把报告发给你。":                                           "",
	}
	for text, want := range tests {
		var got speech.Kind
		for _, k := range kinds(text) {
			if k != speech.Question {
				got = k
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// A detail is what an action item says beside that it is one.
type detail struct {
	doer       speech.Assignee
	name       string
	definitive bool
	phrases    []string
}

func TestDetails(t *testing.T) {
	t.Parallel()

	members := speech.People{Speaker: "Ann Lee", Members: words.NewNames([]string{"bob smith", "Éva"})}
	tests := map[string]detail{
		"I'll send the report to the board, but not today.":    {speech.Speaker, "", true, []string{"send the report to the board"}},
		"I'll send it to the, um, board.":                      {speech.Speaker, "", true, []string{"send it"}},
		"Maybe I'll send it.":                                  {speech.Speaker, "", false, []string{"send it"}},
		"I think I will send it.":                              {speech.Speaker, "", false, []string{"send it"}},
		"I should send it.":                                    {speech.Speaker, "", false, []string{"send it"}},
		"We will fix the page.":                                {speech.Group, "", true, []string{"fix the page"}},
		"Mark will handle it.":                                 {speech.Third, "Mark", true, []string{"handle it"}},
		"Then Zoë Kravitz is going to handle it.":              {speech.Third, "Zoë Kravitz", true, []string{"handle it"}},
		"bob will handle it":                                   {speech.Third, "bob", true, []string{"handle it"}},
		"Bob'll handle it.":                                    {speech.Third, "Bob", true, []string{"handle it"}},
		"Ann will handle it.":                                  {speech.Speaker, "Ann", true, []string{"handle it"}},
		"Someone needs to handle it.":                          {speech.Nobody, "", false, []string{"handle it"}},
		"Tana - can you fax me the copies?":                    {speech.Addressee, "Tana", false, []string{"fax me the copies"}},
		"You will have to work more, Baba.":                    {speech.Addressee, "Baba", false, []string{"work more"}},
		"Please sign the attached; send it to Éva.":            {speech.Addressee, "", false, []string{"sign the attached", "send it to Éva"}},
		"I'll write it and Bob will check it because we must.": {speech.Third, "Bob", true, []string{"check it"}},
		"Please re-schedule the call.":                         {speech.Addressee, "", false, []string{"re-schedule the call"}},
		"I will send you file2.txt by car.":                    {speech.Speaker, "", true, []string{"send you file2.txt by car"}},
		"I will send it...now I must go.":                      {speech.Speaker, "", true, []string{"send it"}},
	}
	for text, want := range tests {
		var got detail
		for _, f := range find(text, members) {
			if f.Kind == speech.Question {
				continue
			}
			got = detail{doer: f.Assignee, name: text[f.Name.Start:f.Name.End], definitive: f.Definitive}
			for _, p := range f.Phrases {
				got.phrases = append(got.phrases, text[p.Start:p.End])
			}
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(detail{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// What is said with less doubt scores no less.
func TestScoreOrder(t *testing.T) {
	t.Parallel()

	score := func(text string) float64 {
		best := 0.0
		for _, f := range find(text, speech.People{}) {
			best = max(best, f.Score)
		}
		return best
	}
	for _, falling := range [][]string{
		{"I'll send it by Friday.", "I'll send it.", "Maybe I'll send it.", "Maybe I should send it."},
		{"Please send it.", "I need to send it.", "We should send it.", "If we should send it, say so."},
		{"I will send it.", "I will read it.", "I will attend."},
		{"Are you free?", "are you free today", "I wonder if you are free", "How are you?"},
	} {
		for i := 1; i < len(falling); i++ {
			if above, below := score(falling[i-1]), score(falling[i]); above <= below {
				t.Errorf("%q scores %.2f, %q %.2f; want less", falling[i-1], above, falling[i], below)
			}
		}
	}
}
