package speech_test

import (
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/speech"
)

// What follows a verb decides whether it is one of communicating or meeting.
func TestFollowUp(t *testing.T) {
	t.Parallel()

	tests := map[string]bool{
		"Write me a letter.":                                      true,
		"Write me a plan.":                                        false,
		"I'll walk you through it.":                               true,
		"I'll walk the dog.":                                      false,
		"Book in with the physio.":                                true,
		"We'll tell you on Thursday.":                             true,
		"I'll bring it up then.":                                  true,
		"I'll bring it then.":                                     false,
		"I'll apologise to the agency.":                           true,
		"I'll talk to the owner.":                                 true,
		"I'll arrange it with the owner.":                         true,
		"Have the courier ring me.":                               true,
		"They'll come back to us within a day.":                   true,
		"I'll loop in Jane.":                                      true,
		"I'll bring you up to speed on Monday.":                   true,
		"Please keep me abreast of it.":                           true,
		"Please keep me in the loop.":                             true,
		"Stay in the loop on all of our pages.":                   false,
		"We will be in contact next week.":                        true,
		"Let's compare notes tomorrow.":                           true,
		"Let's compare prices tomorrow.":                          false,
		"I will run this by legal.":                               true,
		"I will run this on the server.":                          false,
		"I'll get on the phone with them.":                        true,
		"I'll get back to her.":                                   true,
		"I'll get back to the plan.":                              false,
		"I'll get back to the team.":                              true,
		"I'll get back to work.":                                  false,
		"I'll go over it with you on Monday.":                     true,
		"I'll go over it on Monday.":                              false,
		"Grab me on Monday.":                                      true,
		"Please stop by my office this afternoon.":                true,
		"Swing by my desk.":                                       true,
		"I'll stop by the store.":                                 false,
		"I'll stop by writing it down.":                           false,
		"I will come by on Monday.":                               true,
		"Come see me about the draft.":                            true,
		"I'd like to sit down and read it with you.":              true,
		"I'd like to sit with you this week.":                     true,
		"I would like to spend some time discussing it.":          true,
		"I need to hear from you by Friday.":                      true,
		"I need to hear back from her.":                           true,
		"I'd be happy to hear from you.":                          false,
		"I'd be glad to meet you.":                                false,
		"I'd be glad to meet you and help.":                       false,
		"I'd be glad to meet you for lunch.":                      true,
		"I'll report back tomorrow.":                              true,
		"I'll report back to them.":                               true,
		"Please report back.":                                     true,
		"Let's try to connect tomorrow.":                          true,
		"If you could mention it to him, it would help.":          true,
		"Maybe we should talk.":                                   true,
		"Please alert the team.":                                  true,
		"Let me buy you dinner!":                                  true,
		"Please get it scheduled.":                                true,
		"Please plan to dial into the call.":                      true,
		"I'll take him up on the offer to get together.":          true,
		"We would like, however, to move the meeting to Tuesday.": true,
		"Let's push the meeting to Tuesday.":                      true,
		"I would like to request a meeting with you.":             true,
		"Please set up a meeting in early October.":               true,
		"Could you make dinner?":                                  false,
		"Can you make a meeting in March?":                        false,
		"Please move the message to the other box.":               false,
		"Please put it on my calendar.":                           false,
		"I can have it sent via internal mail.":                   false,
		"I'll get the list when calls begin.":                     false,
		"Please update PDQ by Friday.":                            false,
		"Come back and let us know.":                              true,
		"He came and let us know.":                                false,
		"A note on what happened would be helpful.":               true,
		"Maybe we can have a talk then?":                          true,
		"I am contacting you so that you hear it first.":          false,
		"I'll talk about that later.":                             false,
		"Please contact us about it.":                             false,
		"Please consult your bank.":                               false,
		"Please contact her about it.":                            true,
		"Please call our service center.":                         false,
		"Please e-mail our support staff.":                        false,
		"Call in on Monday.":                                      true,
		"Call your bank directly.":                                false,
		"Let me know if I can provide any more.":                  false,
		"If you need anything, please call me.":                   false,
		"If you know somebody who can help, please write to me.":  false,
		"I'd love to read it so please feel free to call me.":     false,
	}
	for text, want := range tests {
		if got := slices.Contains(kinds(text), speech.FollowUp); got != want {
			t.Errorf("%q is a follow-up: %t, want %t", text, got, want)
		}
	}
}
