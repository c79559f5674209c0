package analysis_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

// TestDue has phrases of each kind, said on a Wednesday at nine.
func TestDue(t *testing.T) {
	t.Parallel()

	at := time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)
	for _, kind := range []struct {
		name  string
		items map[string]string
	}{
		{"the end of a day", map[string]string{
			"Please send the slides by end of day Friday.":                    "Fri 20 Nov 23:59",
			"Please send the slides by the end of the day on Tuesday.":        "Tue 24 Nov 23:59",
			"I'll upload the files by close of business Monday.":              "Mon 23 Nov 23:59",
			"I'll upload the files by COB tomorrow.":                          "Thu 19 Nov 23:59",
			"Could you sign it by end of business on the 27th?":               "Fri 27 Nov 23:59",
			"Please have the draft ready by the end of Thursday.":             "Thu 19 Nov 23:59",
			"I'll get you the numbers by EOD.":                                "Wed 18 Nov 23:59",
			"I'll get you the numbers EOD tomorrow.":                          "Thu 19 Nov 23:59",
			"Please send the slides by Friday end of day.":                    "Fri 20 Nov 23:59",
			"Please send the slides by Friday EOD.":                           "Fri 20 Nov 23:59",
			"I need the forms back before close of business on December 1st.": "Tue 1 Dec 23:59",
		}},
		{"the end of a period", map[string]string{
			"I'll finish the audit by the end of the month.":        "Mon 30 Nov 23:59",
			"I'll finish the audit by the end of next month.":       "Thu 31 Dec 23:59",
			"Please renew the licence by the end of the week.":      "Sun 22 Nov 23:59",
			"Please renew the licence by the end of next week.":     "Sun 29 Nov 23:59",
			"We need to close the books by the end of the quarter.": "Thu 31 Dec 23:59",
			"We need to close the books by the end of the year.":    "Thu 31 Dec 23:59",
			"Please file the claim before the end of January.":      "Sun 31 Jan 23:59",
			"I'll deliver the report at the end of November.":       "Mon 30 Nov 23:59",
			"I'll deliver the report at the end of the month.":      "Mon 30 Nov 23:59",
			"Please submit your hours by month end.":                "Mon 30 Nov 23:59",
			"Please submit your hours by EOW.":                      "Sun 22 Nov 23:59",
		}},
		{"what is over", map[string]string{
			"I sent it last Friday, please check it.":                      "none",
			"The parcel was shipped on March 3rd, please track it.":        "none",
			"She paid on Monday, so please close the ticket.":              "none",
			"Please look at the mail I sent you on Friday.":                "none",
			"Please look at the contract that was signed on November 2nd.": "none",
		}},
		{"counts that are no times", map[string]string{
			"I will bring two on Friday.":                  "Fri 20 Nov 00:00",
			"Please bring three tomorrow.":                 "Thu 19 Nov 00:00",
			"Please clean the 6th and 7th floor.":          "none",
			"I'll print 20 on Thursday.":                   "Thu 19 Nov 00:00",
			"Please send half a million flyers on Monday.": "Mon 23 Nov 00:00",
			"Please move the boxes to room 12B.":           "none",
		}},
		{"amounts from now", map[string]string{
			"I'll call you back in a quarter of an hour.":       "Wed 18 Nov 09:15",
			"I'll call you back in three quarters of an hour.":  "Wed 18 Nov 09:45",
			"I'll call you back in half an hour.":               "Wed 18 Nov 09:30",
			"I'll call you back in an hour and a half.":         "Wed 18 Nov 10:30",
			"Please answer within two days.":                    "Fri 20 Nov 00:00",
			"Please answer within 3 business days.":             "Mon 23 Nov 00:00",
			"Please answer in five working days.":               "Wed 25 Nov 00:00",
			"Please return the form within a week.":             "Wed 25 Nov 00:00",
			"Please return the form within ten days.":           "Sat 28 Nov 00:00",
			"Please return the form within the next two weeks.": "Wed 2 Dec 00:00",
			"Please reply within 24 hours.":                     "Thu 19 Nov 09:00",
			"Please reply in the next 48 hours.":                "Fri 20 Nov 09:00",
			"I'll repair it in a fortnight.":                    "Wed 2 Dec 00:00",
			"I'll repair it a week from tomorrow.":              "Thu 26 Nov 00:00",
			"I'll repair it two weeks from Monday.":             "Mon 7 Dec 00:00",
		}},
		{"days counted by weekday", map[string]string{
			"I'll visit them two Fridays from now.":              "Fri 27 Nov 00:00",
			"I'll visit them three Mondays from now.":            "Mon 7 Dec 00:00",
			"I'll visit them the Friday after next.":             "Fri 4 Dec 00:00",
			"I'll visit them on the Monday after next.":          "Mon 30 Nov 00:00",
			"I'll visit them the week after next.":               "Sun 6 Dec 00:00",
			"I'll visit them a week on Friday.":                  "Fri 27 Nov 00:00",
			"I'll visit them Friday week.":                       "Fri 27 Nov 00:00",
			"I'll visit them next Tuesday.":                      "Tue 24 Nov 00:00",
			"I'll visit them Tuesday next week.":                 "Tue 24 Nov 00:00",
			"I'll visit them on Thursday of next week.":          "Thu 26 Nov 00:00",
			"I'll visit them the last weekend of October.":       "Sun 31 Oct 00:00",
			"I'll visit them on the first Saturday in December.": "Sat 5 Dec 00:00",
			"I'll visit them every other Friday.":                "none",
			"I'll visit them the following Monday.":              "Mon 23 Nov 00:00",
			"I'll visit them this coming Sunday.":                "Sun 22 Nov 00:00",
		}},
		{"never before the message", map[string]string{
			"I'll restart the server tonight at 2.":              "Thu 19 Nov 02:00",
			"I'll restart the server this Monday.":               "Mon 23 Nov 00:00",
			"I'll restart the server at 8 am.":                   "Thu 19 Nov 08:00",
			"I'll restart the server at midnight.":               "Thu 19 Nov 00:00",
			"I'll restart the server on the 10th.":               "Thu 10 Dec 00:00",
			"I'll restart the server on June 12.":                "Sat 12 Jun 00:00",
			"Your appointment is on June 12, please confirm it.": "none",
		}},
		{"clocks", map[string]string{
			"Please call the school at 15 to noon.":              "Wed 18 Nov 11:45",
			"Please call the school at 15h30.":                   "Wed 18 Nov 15:30",
			"Please call the school at a quarter to five.":       "Wed 18 Nov 16:45",
			"Please call the school at half past two tomorrow.":  "Thu 19 Nov 14:30",
			"Please call the school at 10:15 on Friday.":         "Fri 20 Nov 10:15",
			"Please call the school by 5pm today.":               "Wed 18 Nov 17:00",
			"Please call the school before noon.":                "Wed 18 Nov 12:00",
			"Please call the school Friday at 1.":                "Fri 20 Nov 13:00",
			"Please call the school Friday at 1:00 PM.":          "Fri 20 Nov 13:00",
			"Please call the school by ten tomorrow morning.":    "Thu 19 Nov 10:00",
			"Please call the school no later than 4 o'clock.":    "Wed 18 Nov 16:00",
			"Please call the school by noon on Monday.":          "Mon 23 Nov 12:00",
			"Please call the school first thing tomorrow.":       "Thu 19 Nov 00:00",
			"Please call the school first thing Monday morning.": "Mon 23 Nov 12:00",
		}},
		{"parts of months", map[string]string{
			"I'll publish the book in mid-March.":                  "Sat 20 Mar 00:00",
			"I'll publish the book by mid-March.":                  "Mon 15 Mar 00:00",
			"I'll publish the book by the middle of March.":        "Mon 15 Mar 00:00",
			"I'll publish the book in early January.":              "Fri 15 Jan 00:00",
			"I'll publish the book by the 3rd of March.":           "Wed 3 Mar 00:00",
			"I'll publish the book on the 1st.":                    "Tue 1 Dec 00:00",
			"I'll publish the book in the first week of December.": "Sun 6 Dec 00:00",
			"I'll publish the book by 12/4.":                       "Fri 4 Dec 00:00",
		}},
		{"what is told or offered", map[string]string{
			"I'll tell her two o'clock.":          "none",
			"I'll tell her tomorrow.":             "Thu 19 Nov 00:00",
			"I'll tell her at two o'clock.":       "Wed 18 Nov 14:00",
			"Please offer them Friday instead.":   "none",
			"Please offer them a seat on Friday.": "Fri 20 Nov 00:00",
		}},
		{"what others do", map[string]string{
			"Please ring my secretary and she'll find you a slot in the first week of December.": "none",
			"Please ring my secretary and find a slot in the first week of December.":            "Sun 6 Dec 00:00",
		}},
		{"a condition", map[string]string{
			"I'll escalate it if nothing happens by tomorrow.":     "Thu 19 Nov 00:00",
			"If nothing happens by tomorrow, I'll escalate it.":    "Thu 19 Nov 00:00",
			"I'll ring the lab if nothing has come in by Tuesday.": "Tue 24 Nov 00:00",
		}},
		{"a day that is told by another", map[string]string{
			"Let's meet on the Friday before we reopen.":   "none",
			"Let's meet on the Friday before Christmas.":   "Fri 18 Dec 00:00",
			"Please call them on Friday before we open.":   "Fri 20 Nov 00:00",
			"Let's meet on the Monday after the holidays.": "none",
		}},
		{"where the speaker will be", map[string]string{
			"I'm meeting the inspector tomorrow, so I'll bring it up.": "Thu 19 Nov 00:00",
			"I'm in the office on Friday, I'll print it there.":        "Fri 20 Nov 00:00",
			"I'm away on Friday, so I'll print it now.":                "none",
			"I'll practise with you, I've got time next Friday.":       "Fri 27 Nov 00:00",
			"I'll print it there, the fair opens on Friday.":           "none",
		}},
		{"a thing for a day", map[string]string{
			"Please book a table for two for Saturday night.": "none",
			"Please book me a flight to Rome on the 3rd.":     "none",
			"Please book it on the 3rd.":                      "Thu 3 Dec 00:00",
			"Please order a cake for Saturday.":               "none",
			"Please bring the samples to Friday's tasting.":   "Fri 20 Nov 00:00",
			"Let's discuss it at next week's board meeting.":  "Sun 29 Nov 00:00",
			"Please print the list for Friday's meeting.":     "none",
		}},
		{"what a clause tells", map[string]string{
			"Tell your team we move offices on Monday.":               "none",
			"Tell Anna the exam is on Tuesday.":                       "none",
			"Tell Anna on Tuesday.":                                   "Tue 24 Nov 00:00",
			"Let everyone know the canteen is closed on Thursday.":    "none",
			"Find out when the shop opens on Sunday.":                 "none",
			"Please return the books that were due on Monday.":        "none",
			"Please fetch the figures from the last two weeks.":       "none",
			"Remind me if it hasn't come within a fortnight.":         "Wed 2 Dec 00:00",
			"Hand in the form soon, the last day is the 30th.":        "Mon 30 Nov 00:00",
			"Not today, but by Friday I'll have it.":                  "Fri 20 Nov 00:00",
			"I'll do it tonight, or tomorrow at the latest.":          "Thu 19 Nov 00:00",
			"Please send me whatever you have as soon as possible.":   "none",
			"I should know more tomorrow and will drop you a note.":   "Thu 19 Nov 00:00",
			"Okay, and if you haven't heard by Monday, ring Ms. Lee.": "Mon 23 Nov 00:00",
		}},
		{"the day of the week that it is", map[string]string{
			"Please send it by Wednesday.":      "Wed 25 Nov 00:00",
			"Please send it by Wednesday noon.": "Wed 18 Nov 12:00",
			"Please send it by Thursday.":       "Thu 19 Nov 00:00",
		}},
		{"what says when a thing was", map[string]string{
			"Please reply to the mail she sent this morning.": "none",
			"Please answer the letter of November 3rd.":       "none",
			"As of December 1st please use the new form.":     "Tue 1 Dec 00:00",
			"Tomorrow's delivery needs to be checked.":        "Thu 19 Nov 00:00",
		}},
		{"either of two", map[string]string{
			"I'll look at it this afternoon or tomorrow morning.":  "Thu 19 Nov 12:00",
			"I'll do the first half today and the rest tomorrow.":  "Wed 18 Nov 00:00",
			"Call me tomorrow or the day after.":                   "Fri 20 Nov 00:00",
			"Let's talk again on Tuesday or Wednesday.":            "Wed 25 Nov 00:00",
			"Return the signed copy, at the latest by 2 December.": "Wed 2 Dec 00:00",
		}},
		{"what is moved or swapped", map[string]string{
			"Please push the release back to the 4th.":                                  "none",
			"Can we move our call to Thursday?":                                         "none",
			"Please reschedule the appointment to next Tuesday.":                        "none",
			"Let's postpone the launch until January.":                                  "none",
			"Can you swap shifts with me on Sunday?":                                    "none",
			"Please move the boxes by Thursday.":                                        "Thu 19 Nov 00:00",
			"Please reschedule the appointment by tomorrow.":                            "Thu 19 Nov 00:00",
			"We should probably move the launch to the first of December.":              "Tue 1 Dec 00:00",
			"Please bring the order forward to Friday.":                                 "none",
			"Please tell Anna today that we close the shop on Friday.":                  "Wed 18 Nov 00:00",
			"Please call Anna and tell her we close the shop on Friday.":                "none",
			"Please let the plumber in when he comes at ten.":                           "Wed 18 Nov 10:00",
			"Please pay the invoice from October 12.":                                   "none",
			"Please pay within 14 days of receipt.":                                     "none",
			"I'll put you down for the 26th at four.":                                   "none",
			"Please post the new date, it's the 12th now.":                              "none",
			"We'll be on your premises from the 30th, so please arrange desks by then.": "Mon 30 Nov 00:00",
			"Please pay within 14 days.":                                                "Wed 2 Dec 00:00",
			"And the cars have to be off the drive that week.":                          "none",
			"I'll need a room for the workshop on the 25th.":                            "none",
			"Please submit it not later than 5 pm on Friday.":                           "Fri 20 Nov 17:00",
			"It'd be good if you made an announcement at mass on Sunday.":               "Sun 22 Nov 00:00",
			"I'll make sure it's fixed in time for the demo on Tuesday.":                "Tue 24 Nov 00:00",
			"I'll be away from the 27th, could she call on the 26th instead?":           "Thu 26 Nov 00:00",
		}},
		{"who comes or goes", map[string]string{
			"My wife arrives later tonight, please give her the key.":                 "Wed 18 Nov 23:59",
			"The rep is coming on Thursday at three, I'd like you to sit in on that.": "Thu 19 Nov 15:00",
			"My wife arrives by train from Leeds tonight, please feed the dog.":       "none",
			"We're away from Thursday, can you water the plants?":                     "Thu 19 Nov 00:00",
			"I'm on leave next week, so please send it to Ravi.":                      "none",
			"Starting tomorrow we both walk her before breakfast.":                    "none",
			"Please chase them up and tell them we'll close it on Monday.":            "none",
		}},
		{"amounts that are not sure", map[string]string{
			"I'll get back to you in a day or two.":            "Fri 20 Nov 00:00",
			"I'll get back to you in 2-3 days.":                "Sat 21 Nov 00:00",
			"I'll get back to you in three to five days.":      "Mon 23 Nov 00:00",
			"I'll get back to you inside a week.":              "Wed 25 Nov 00:00",
			"I'll get back to you in the course of next week.": "Sun 29 Nov 00:00",
			"I'll get back to you in the course of the day.":   "Wed 18 Nov 23:59",
			"I'll get back to you this time next week.":        "Wed 25 Nov 00:00",
			"I'll get back to you by midnight.":                "Wed 18 Nov 23:59",
			"I'll get back to you by lunch.":                   "Wed 18 Nov 13:00",
			"Come by any time between Monday and Wednesday.":   "Wed 25 Nov 00:00",
		}},
		{"a deadline that is said before", map[string]string{
			"We have until the 30th to file the appeal, so please prepare it.":   "Mon 30 Nov 00:00",
			"The deadline for the abstracts is December 1, please upload yours.": "Tue 1 Dec 00:00",
			"Unless I hear from you by tomorrow, I'll cancel the order.":         "Thu 19 Nov 00:00",
			"When I'm back on Monday I'll call the bank.":                        "Mon 23 Nov 00:00",
			"Once the samples arrive on Thursday, test them straight away.":      "Thu 19 Nov 00:00",
			"Please feed the cat while I'm away next week.":                      "Sun 29 Nov 00:00",
			"The towels are nearly gone, so whoever opens tomorrow runs a wash.": "Thu 19 Nov 00:00",
			"The abstracts were read on December 1, please upload yours.":        "none",
		}},
		{"clauses of time", map[string]string{
			"After the meeting on Thursday, please clear the room.":            "Thu 19 Nov 00:00",
			"Before we go live on December 7, someone has to test the backup.": "Mon 7 Dec 00:00",
			"Get the visa sorted before you fly on the 30th.":                  "Mon 30 Nov 00:00",
			"I'll post it as soon as I get home tonight.":                      "Wed 18 Nov 23:59",
			"I'll let you know once I've heard from him on Friday.":            "Fri 20 Nov 00:00",
			"Please get the roof fixed before we move in on December 12th.":    "Sat 12 Dec 00:00",
			"I'll have it swapped tomorrow.":                                   "Thu 19 Nov 00:00",
			"I'll ring the vet in the morning.":                                "Thu 19 Nov 12:00",
			"I'll ring the vet in the afternoon.":                              "Wed 18 Nov 16:00",
		}},
		{"the rest of a day", map[string]string{
			"Please come by on Thursday after lunch.":    "Thu 19 Nov 23:59",
			"Please come by on Friday after 5 pm.":       "Fri 20 Nov 23:59",
			"Please come by tomorrow after two o'clock.": "Thu 19 Nov 23:59",
			"I'll call her after lunch.":                 "Wed 18 Nov 23:59",
			"I'll run it past her over lunch.":           "Wed 18 Nov 13:00",
			"I'll run it past her at lunch.":             "Wed 18 Nov 13:00",
			"Please pay by midnight on the 30th.":        "Mon 30 Nov 23:59",
			"Renew it before the month is over.":         "Mon 30 Nov 23:59",
		}},
		{"now and today as words of greeting", map[string]string{
			"What brings you in today? Please have a seat.":       "none",
			"How are you today? I'll send you the list.":          "none",
			"Thanks for calling us today, I'll open a ticket.":    "none",
			"Thank you for your time today, I'll send the offer.": "none",
			"Please sign it today.":                               "Wed 18 Nov 00:00",
			"I'll do it later today.":                             "Wed 18 Nov 23:59",
		}},
	} {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()

			e := newEngine(t)
			for text, want := range kind.items {
				r, err := e.Analyze(context.Background(), analysis.Input{
					JobID: "1", AcceptedAt: at, Utterances: []analysis.Utterance{{Text: text, From: conversation.Speaker{Name: "Ann"}, Start: at}},
				})
				if err != nil {
					t.Fatal(err)
				}
				got := "no task"
				for _, in := range r.Insights {
					if in.Type == "question" {
						continue
					}
					if got = "none"; !in.DueBy.IsZero() {
						got = in.DueBy.Format("Mon 2 Jan 15:04")
						break
					}
				}
				if got != want {
					t.Errorf("%q is due %s, want %s", text, got, want)
				}
			}
		})
	}
}

// TestDueBefore has tasks that point back to a time that another sentence names. monday is
// the 23rd of November.
func TestDueBefore(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	for _, tt := range []struct{ before, task, want string }{
		{"The move is on the 30th.", "Before that, we have to clean up the cellar.", "Mon 30 Nov 00:00"},
		{"The move is on the 30th.", "I'll have the boxes packed by then.", "Mon 30 Nov 00:00"},
		{"The move is on the 30th.", "Please send me the list two days before that.", "Sat 28 Nov 00:00"},
		{"The move is on December 14.", "Please send me the list at least a week beforehand.", "Mon 7 Dec 00:00"},
		{"The move is on December 14.", "Please send me the list beforehand.", ""},
		{"The move is on Wednesday.", "Please send me the list ten days beforehand.", ""}, // is over
		{"The move is nearly done.", "I'll have the boxes packed by then.", ""},
		{"The move is on the 30th.", "Please send me the list by Friday, before that I'm away.", "Fri 27 Nov 00:00"},
		{"We moved on Friday.", "I'll have the boxes packed by then.", ""},
	} {
		tasks := said(e, "Ann: "+tt.before, "Ben: "+tt.task)
		if len(tasks) != 1 {
			t.Errorf("%s %s: %d tasks, want 1", tt.before, tt.task, len(tasks))
			continue
		}
		_, got, _ := strings.Cut(tasks[0], " by ")
		if _, last, found := strings.Cut(got, " by "); found {
			got = last
		}
		if tt.want == "" && strings.Count(tasks[0], ":") == 1 {
			continue
		}
		if got != tt.want {
			t.Errorf("%s %s: %s, want it due %s", tt.before, tt.task, tasks[0], tt.want)
		}
	}
}
