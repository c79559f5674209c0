package analysis_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

// said runs lines of a conversation, "Ann: text", through the engine and writes
// down its tasks: who is to do what, and until when.
func said(e *analysis.Engine, lines ...string) (tasks []string) {
	in := analysis.Input{JobID: "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", AcceptedAt: monday, Options: analysis.Options{StartTime: monday}}
	for _, line := range lines {
		name, text, _ := strings.Cut(line, ": ")
		in.Utterances = append(in.Utterances, analysis.Utterance{From: conversation.Speaker{Name: name}, Text: text})
	}
	r := analyzed(e, in)
	speakers := map[string]string{}
	for _, s := range r.Sentences {
		speakers[s.ID] = in.Utterances[s.Utterance].From.Name
	}
	for _, in := range r.Insights {
		if in.Type == "question" {
			continue
		}
		who := in.Assignee
		if in.Own {
			who = speakers[in.MessageIDs[0]]
		}
		if who == "" {
			who = "nobody"
		}
		task := who + ": " + strings.Join(in.Phrases, ", ")
		if !in.DueBy.IsZero() {
			task += " by " + in.DueBy.Format("Mon 2 Jan 15:04")
		}
		tasks = append(tasks, task)
	}
	return tasks
}

// TestWho has who is to do what was said. monday is a Monday, the 23rd of November.
func TestWho(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	for _, tt := range []struct {
		lines []string
		want  []string
	}{
		// A mood is no name.
		{[]string{"Ann: Happy to send that over tomorrow."}, []string{"Ann: send that over tomorrow by Tue 24 Nov 00:00"}},
		{[]string{"Ann: Ready to ship the box on Friday."}, []string{"Ann: ship the box on Friday by Fri 27 Nov 00:00"}},
		{[]string{"Ann: Glad to hear that."}, nil},
		// Who had asked, or spoke before, is told, unless another takes it on, and only at once.
		{[]string{"Ann: What do I do with the old ones?", "Ben: Send them back to the maker.", "Cy: It's cold in here."}, []string{"Ann: Send them back to the maker"}},
		{[]string{"Ann: What do we do with the old ones?", "Ben: Send them back to the maker.", "Cy: I'll do that."}, []string{"Cy: Send them back to the maker"}},
		{[]string{"Ann: What do I do with the old ones?", "Ben: No idea. Send me the minutes of the meeting.", "Cy: It's cold in here."}, []string{"nobody: Send me the minutes of the meeting"}},
		{[]string{"Ann: The old ones are still here.", "Ben: Send them back to the maker.", "Cy: It's cold in here."}, []string{"Ann: Send them back to the maker"}},
		{[]string{"Cy: It's cold in here.", "Ann: What do I do with the old ones?", "Ben: Send them back to the maker."}, []string{"Ann: Send them back to the maker"}},
		// Who is proposed.
		{[]string{"Ann: I propose that Ben takes over the newsletter.", "Ben: Hm."}, []string{"Ben: takes over the newsletter"}},
		{[]string{"Ann: I suggest Chloe Adams drafts it by Friday."}, []string{"Chloe Adams: drafts it by Friday by Fri 27 Nov 00:00"}},
		{[]string{"Ann: I propose that Ben is our chair.", "Ben: Hm."}, nil},
		{[]string{"Ann: I suggest Paris."}, nil},
		// Who is made, asked or said to do it.
		{[]string{"Ann: Let's have Ben finish the slides."}, []string{"Ben: have Ben finish the slides"}},
		{[]string{"Ann: I want Chloe to review the contract."}, []string{"Chloe: review the contract"}},
		{[]string{"Ann: We need the legal team to review the contract."}, []string{"legal team: review the contract"}},
		{[]string{"Ann: I asked Ben to order the chairs."}, []string{"Ben: order the chairs"}},
		{[]string{"Ann: Ben promised to fix the printer."}, []string{"Ben: fix the printer"}},
		{[]string{"Ann: Action item for Carlos: update the price list."}, []string{"Carlos: update the price list"}},
		{[]string{"Ann: AI: Ben to update the ticket."}, []string{"Ben: update the ticket"}},
		{[]string{"Ann: The nurse will take a sample."}, []string{"nurse: take a sample"}},
		{[]string{"Ann: A supervisor will call you back."}, []string{"supervisor: call you back"}},
		{[]string{"Ann: The legal team will review it."}, []string{"legal team: review it"}},
		{[]string{"Ann: Sam from accounting will send the figures."}, []string{"Sam: send the figures"}},
		{[]string{"Ann: John said he would have the landing page done by Wednesday."}, []string{"John: have the landing page done by Wednesday by Wed 25 Nov 00:00"}},
		{[]string{"Ann: Someone has to order gloves."}, []string{"nobody: order gloves"}},
		{[]string{"Ann: Chen please update the changelog and I'll tag the build."}, []string{"Chen: update the changelog", "Ann: tag the build"}},
		{[]string{"Ann: Let me check with my manager and get back to you tomorrow."}, []string{"Ann: check with my manager and get back to you tomorrow by Tue 24 Nov 00:00"}},
		// A member by the surname, and by the first name.
		{[]string{"Ben Cole: Hello.", "Ann Lee: Fine.", "Eve: Mr. Cole will send the keys."}, []string{"Ben Cole: send the keys"}},
		{[]string{"Ben Cole: Hello.", "Ann Lee: Fine.", "Eve: Ann will send the keys."}, []string{"Ann Lee: send the keys"}},
		{[]string{"Ben Cole: Hello.", "Ben Ray: Hello.", "Eve: Ben will send the keys."}, []string{"Ben: send the keys"}},
		// Who is called by name within the sentence or at its end.
		{[]string{"Eve: Hi.", "Ann: The rep is here, Ben, I'd like you to sit in on that.", "Ben: Hm."}, []string{"Ben: sit in on that"}},
		{[]string{"Eve: Hi.", "Ann: Please call the bank, Ben.", "Ben: Hm."}, []string{"Ben: call the bank"}},
		{[]string{"Eve: Hi.", "Ann: Ben, please call the bank. Then send me the form.", "Lou: Hm.", "Ben: Hm."}, []string{"Ben: call the bank", "Ben: send me the form"}},
		{[]string{"Eve: Hi.", "Ann: Ben, please call the bank.", "Ann: It is late. Send me the form.", "Lou: Hm.", "Ben: Hm."}, []string{"Ben: call the bank", "nobody: Send me the form"}},
		{[]string{"Eve: Hi.", "Ann: Please call Ben, Eve, and Lou.", "Ben: Hm.", "Lou: No."}, []string{"nobody: call Ben"}},
		// With two speakers the addressee is the other one.
		{[]string{"Ann: Could you forward me your template?", "Marco: Here it is."}, []string{"Marco: forward me your template"}},
		{[]string{"Ann: Send an invite to Lena.", "Marco: Why?"}, []string{"Marco: Send an invite to Lena"}},
		{[]string{"Ann: can you talk to sarah about the budget", "Marco: why"}, []string{"Marco: talk to sarah about the budget"}},
		{[]string{"Ann: Could you forward me your template?"}, []string{"nobody: forward me your template"}},
		// With more, it is who answers; and the answer is no task of its own.
		{[]string{"Ann: Can someone book the room?", "Bob: Will do.", "Eve: Fine."}, []string{"Bob: book the room"}},
		{[]string{"Ann: Could you send the invite?", "Bob: Yep, 2pm works.", "Eve: Fine."}, []string{"Bob: send the invite"}},
		{[]string{"Ann: Could you send the invite?", "Bob: I'll do that tomorrow.", "Eve: Fine."}, []string{"Bob: send the invite by Tue 24 Nov 00:00"}},
		{[]string{"Ann: Could you send the slides?", "Bob: Sure, I'll send them by Friday.", "Eve: Fine."}, []string{"Bob: send the slides by Fri 27 Nov 00:00"}},
		{[]string{"Ann: Could you send the slides?", "Bob: Sure, I'll send the bill by Friday.", "Eve: Fine."}, []string{"Bob: send the slides", "Bob: send the bill by Friday by Fri 27 Nov 00:00"}},
		{[]string{"Ann: No, we can fix it in a few hours.", "Bob: Fine."}, nil},
		{[]string{"Ann: Could you send the invite?", "Bob: Sure, but not today.", "Eve: Fine."}, []string{"nobody: send the invite"}},
		{[]string{"Ann: Bob, could you send the invite?", "Eve: Sure.", "Bob: Fine."}, []string{"Bob: send the invite"}},
		{[]string{"Ann: We need to find a room.", "Bob: Sure.", "Eve: Fine."}, []string{"nobody: find a room"}},
		{[]string{"Ann: We need to find a room.", "Bob: I'm on it.", "Eve: Fine."}, []string{"Bob: find a room"}},
		// Whom a request between two turns of the same person is made to.
		{[]string{"Bob: It's Bob.", "Ann: Good, text me the vote.", "Bob: It's late.", "Eve: Fine."}, []string{"Bob: text me the vote"}},
		{[]string{"Bob: It's Bob.", "Ann: Good, text me the vote.", "Eve: It's late.", "Bob: Fine."}, []string{"Bob: text me the vote"}},
		// What nobody is asked for is not taken on with what one does oneself.
		{[]string{"Ann: The gate must be painted.", "Bob: I'll order the chairs.", "Eve: Fine."}, []string{"nobody: painted", "Bob: order the chairs"}},
		{[]string{"Ann: The gate must be painted.", "Bob: Sure.", "Eve: Fine."}, []string{"Bob: painted"}},
		{[]string{"Bob: Hello.", "Ann: Bob, the gate must be painted.", "Eve: Fine."}, []string{"Bob: painted"}},
		{[]string{"Bob: Hello.", "Ann: Bob, someone must paint the gate.", "Eve: It's late."}, []string{"nobody: paint the gate"}},
		{[]string{"Ann: The printer is broken.", "Bob: I'm on it."}, []string{"Bob: I'm on it"}},
		{[]string{"Ann: The printer is broken.", "Bob: Will do."}, nil},
	} {
		if diff := cmp.Diff(tt.want, said(e, tt.lines...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.lines, diff)
		}
	}
}

// TestWhat has what is a task and what is none, and the whole of its phrase.
func TestWhat(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	for text, want := range map[string]string{
		"I'll just put it there.":                                 "",
		"I'll just draw it on the board here.":                    "",
		"We can fix it in a few hours if it breaks.":              "",
		"If the price is right we can sign in December.":          "",
		"He says we should sell the house.":                       "",
		"It reads “please call me tomorrow or so” there.":         "",
		"Please delete it if you are not the intended recipient.": "",
		"Give me a break.":                                        "",
		"Mum, can we get a dog?":                                  "",
		"Can we get a copy of the plan?":                          "nobody: get a copy of the plan",
		"Don't worry about it.":                                   "",
		"You need to turn the heap once a month.":                 "",
		"Expense reports are due at the end of every month.":      "",
		"I'm sending the invoice tomorrow.":                       "Ann: sending the invoice tomorrow by Tue 24 Nov 00:00",
		"I'm writing to you because of the bill.":                 "",
		"I'm on it.":                                                    "Ann: I'm on it",
		"Leave it with me.":                                             "Ann: Leave it with me",
		"Could one of you please lock the door?":                        "nobody: lock the door",
		"We definitely need to go buy more milk.":                       "nobody: go buy more milk",
		"I need the file by 5pm.":                                       "nobody: need the file by 5pm by Mon 23 Nov 17:00",
		"The report is due on Friday.":                                  "nobody: The report is due on Friday by Fri 27 Nov 00:00",
		"Don't deploy anything on Friday.":                              "nobody: Don't deploy anything on Friday by Fri 27 Nov 00:00",
		"Please don't restart the server.":                              "nobody: don't restart the server",
		"I will drive you to the airport tomorrow morning.":             "Ann: drive you to the airport tomorrow morning by Tue 24 Nov 12:00",
		"Please come back in two weeks, and call 911 if it gets worse.": "nobody: come back in two weeks by Mon 7 Dec 00:00",
		"I want you to stop the aspirin for now.":                       "nobody: stop the aspirin for now",
		"We'd also need a form signed by legal before Friday.":          "legal: need a form signed by legal before Friday by Fri 27 Nov 00:00",
		"We should probably move the launch to Friday.":                 "nobody: move the launch to Friday by Fri 27 Nov 00:00",
		// Of several moments it is the one that stands with the task.
		"The talk is on Thursday, so please clear the aisle by Friday.":  "nobody: clear the aisle by Friday by Fri 27 Nov 00:00",
		"The front is locked until Friday, so use the back door.":        "nobody: use the back door",
		"On Friday I'll send the list.":                                  "Ann: send the list by Fri 27 Nov 00:00",
		"The inspector comes on Friday, please check it before that.":    "nobody: check it before that by Fri 27 Nov 00:00",
		"I'll send the revised quote on Friday.":                         "Ann: send the revised quote on Friday by Fri 27 Nov 00:00",
		"Please hand in the list for the summer party by Friday.":        "nobody: hand in the list for the summer party by Friday by Fri 27 Nov 00:00",
		"We can write to her that it starts on Friday.":                  "nobody: write to her that it starts on Friday",
		"Tell her that the shop opens on Friday.":                        "nobody: Tell her that the shop opens on Friday",
		"Let's schedule that for Friday.":                                "nobody: schedule that for Friday by Fri 27 Nov 00:00",
		"Please write down the three things you achieved this year.":     "nobody: write down the three things you achieved this year",
		"Please write down the three things you need by Friday.":         "nobody: write down the three things you need by Friday by Fri 27 Nov 00:00",
		"We need two more cars for Friday.":                              "nobody: need two more cars for Friday",
		"I'll put another driver on it for Friday.":                      "Ann: put another driver on it for Friday by Fri 27 Nov 00:00",
		"Please bring the plan to the January meeting.":                  "nobody: bring the plan to the January meeting",
		"Please bring the plan to the meeting in January.":               "nobody: bring the plan to the meeting in January by Sun 31 Jan 00:00",
		"It opens on Friday, but please book a table.":                   "nobody: book a table",
		"I'll send it the day after.":                                    "Ann: send it the day after",
		"It closes on Friday, so please order it before then.":           "nobody: order it before by Fri 27 Nov 00:00",
		"I'll pass it on to the lab and they'll write to you by Friday.": "Ann: pass it on to the lab",
		"Could we move the visit from Tuesday to Friday?":                "nobody: move the visit from Tuesday to Friday",
		"If you don't hear from him by Friday, ring me.":                 "nobody: ring me by Fri 27 Nov 00:00",
		"I need a list of who has which tablet, by Friday if you can.":   "nobody: need a list by Fri 27 Nov 00:00",
		"I'll be back on Friday, I'll send it then.":                     "Ann: send it by Fri 27 Nov 00:00",
		"I'll send it when I'm back on Friday.":                          "Ann: send it by Fri 27 Nov 00:00",
		"Can you send me the list for Friday's meeting?":                 "nobody: send me the list for Friday's meeting",
		"Remind me that it's due on Friday.":                             "nobody: Remind me that it's due on Friday",
		"I'll write it on Thursday and upload it on Friday.":             "Ann: write it on Thursday and upload it on Friday by Fri 27 Nov 00:00",
		"I'll finish it later today.":                                    "Ann: finish it later today by Mon 23 Nov 23:59",
		"I'll do it by mid December.":                                    "Ann: do it by mid December by Tue 15 Dec 00:00",
		"Let's do that on Friday.":                                       "nobody: do that on Friday by Fri 27 Nov 00:00",
		"I need it by the end of the day.":                               "nobody: need it by the end of the day by Mon 23 Nov 23:59",
		// Whole phrases.
		"I'll send you the long list of all the things that we saw when we met.": "Ann: send you the long list of all the things that we saw",
		"Please call me tomorrow at 1:00 PM.":                                    "nobody: call me tomorrow at 1:00 PM by Tue 24 Nov 13:00",
		"Please open https://example.com/a and sign in.":                         "nobody: open https://example.com/a and sign in",
		"I'll meet Dr. Chen.":                                                    "Ann: meet Dr. Chen",
	} {
		if diff := cmp.Diff(want, strings.Join(said(e, "Ann: "+text), "; ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}
