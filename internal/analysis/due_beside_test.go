package analysis_test

import (
	"strings"
	"testing"
)

// A dueCase is a conversation, its turns parted by bars, with the days at which its tasks are due:
// "27 Nov" or "none". monday is the 23rd of November.
type dueCase struct{ said, want string }

// days returns the days at which the tasks of a conversation are due, and those that are wanted.
func (c dueCase) days(tasks []string) (got, want []string) {
	for _, task := range tasks {
		day := "none"
		if _, by, found := strings.Cut(task[strings.LastIndex(task, " by ")+1:], "by "); found {
			if f := strings.Fields(by); len(f) == 4 && strings.Contains(f[3], ":") {
				day = f[1] + " " + f[2]
			}
		}
		got = append(got, day)
	}
	return got, strings.Split(c.want, "; ")
}

// TestDueRead has conversations by which rules were written: dates in another sentence than the task,
// dates that are not the task's, conditions and two tasks in a sentence.
func TestDueRead(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	for _, c := range dueRead() {
		got, want := c.days(said(e, strings.Split(c.said, " | ")...))
		if strings.Join(got, "; ") != strings.Join(want, "; ") {
			t.Errorf("%s: due %s, want %s", c.said, got, want)
		}
	}
}

// TestDueUnread has conversations of the same kinds that were written with those of [TestDueRead], of
// which only the count was looked at. One whose tasks are not all found is not counted.
func TestDueUnread(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	right, all, skipped := 0, 0, 0
	for _, c := range dueUnread() {
		got, want := c.days(said(e, strings.Split(c.said, " | ")...))
		if len(got) != len(want) {
			skipped++
			continue
		}
		for n := range got {
			all++
			if got[n] == want[n] {
				right++
			}
		}
	}
	t.Logf("%d of %d days right, %d conversations with other tasks", right, all, skipped)
	if share := float64(right) / float64(all); share < 0.74 || skipped > 14 {
		t.Errorf("%.3f of the days are right, want 0.74; %d conversations with other tasks, want 14 at most", share, skipped)
	}
}

func dueRead() []dueCase {
	return []dueCase{
		{"Ann: The audit is on the 12th. I'll have the files ready two days before.", "10 Dec"},
		{"Ann: Deadline is Friday. So Ben, finish the draft please.", "27 Nov"},
		{"Ann: We have until Wednesday. Please send me your figures.", "25 Nov"},
		{"Ann: The exhibition opens on the 5th. I'll hang the pictures the evening before.", "4 Dec"},
		{"Ann: The wedding is on Saturday. I'll iron the shirts the night before.", "27 Nov"},
		{"Ann: When do you need the plan? | Ben: By Friday. Please draw it in colour.", "27 Nov"},
		{"Ann: The concert was on Sunday. I'll write the review.", "none"},
		{"Ann: The meeting got moved to Thursday. Please tell Carla.", "none"},
		{"Ann: The shop is closed on Mondays. I'll order it online.", "none"},
		{"Ann: We're open from Tuesday to Saturday. Please drop by.", "none"},
		{"Ann: In case the boiler fails on the weekend, call the landlord.", "none"},
		{"Ann: If they haven't replied by Wednesday, I'll call them.", "25 Nov"},
		{"Ann: Please send out the minutes after the meeting on Thursday.", "26 Nov"},
		{"Ann: Once the paint has dried on Wednesday, I'll put up the shelves.", "25 Nov"},
		{"Ann: Please keep the receipt until Friday.", "27 Nov"},
		{"Ann: Don't touch the dough until tomorrow.", "24 Nov"},
		{"Ann: Please bring in the forms before the end of the week.", "29 Nov"},
		{"Ann: I'll sweep the yard before the week is out.", "29 Nov"},
		{"Ann: I'll get you the numbers by end of play tomorrow.", "24 Nov"},
		{"Ann: Could you hand in the keys by close of play Friday?", "27 Nov"},
		{"Ann: Please water the ferns every Monday.", "none"},
		{"Ann: Can you take out the bins on Tuesdays from now on?", "none"},
		{"Ann: Please ring Mrs. Lau every other Wednesday.", "none"},
		{"Ann: Please wipe the tables daily.", "none"},
		{"Ann: Carla will bring the drums on Thursday, Ben will bring the amps on Friday.", "26 Nov; 27 Nov"},
		{"Ann: My son is five in May, please send me the form for the school.", "none"},
		{"Ann: It was 12 euros in March, please check the price.", "none"},
		{"Ann: Please send the 2024 report to the bank.", "none"},
		{"Ann: He was born on May 3, 1980, please put that in the file.", "none"},
		{"Ann: Please compare it with the July figures.", "none"},
		{"Ann: Please forward me the invoice you got on Friday.", "none"},
		{"Ann: Could you cancel my appointment on Thursday?", "none"},
		{"Ann: I'll cancel the lesson on Friday.", "none"},
		{"Ann: Please bring the tent to the camp on Saturday.", "28 Nov"},
		{"Ann: I'm away between Tuesday and Friday, so please feed the cat.", "27 Nov"},
		{"Ann: It's due Friday, so please hurry up with the sketches.", "27 Nov"},
		{"Ann: The parcel has to leave tomorrow, so please wrap it.", "24 Nov"},
		{"Ann: The court date is December 9, so please prepare the papers.", "none"},
		{"Ann: The guests come on Saturday, so I'll clean the rooms.", "none"},
		{"Ann: Please sand the door. No rush, next week is fine.", "6 Dec"},
		{"Ann: Ben, could you proofread the leaflet? It goes to print on Thursday.", "none"},
		{"Ann: Please call the insurance. They're only open until Friday.", "none"},
		{"Ann: I spoke to Lee yesterday, he will ship the valves on Thursday.", "26 Nov"},
		{"Ann: Ms. Roy wrote this morning that she'll sign the lease on Friday.", "27 Nov"},
		{"Ann: Please don't come on Tuesday, the office is shut.", "24 Nov"},
		{"Ann: I'll drop the papers off on my way home tonight.", "23 Nov"},
		{"Ann: Please send me the list ahead of Thursday's meeting.", "26 Nov"},
		{"Ann: I'll have it done in time for Friday.", "27 Nov"},
		{"Ann: The latest I can take your order is Thursday, so please choose a cake.", "26 Nov"},
		{"Ann: I should have the results on Friday, then I'll call you.", "27 Nov"},
		{"Ann: The fair is on Thursday. I'll set up the stall at seven.", "26 Nov"},
		{"Ann: The film crew comes tomorrow. I'll make coffee at ten.", "24 Nov"},
		{"Ann: I saw him on Friday. I'll call him at four.", "23 Nov"},
		{"Ann: Read the chapter by Monday and write down three questions.", "30 Nov"},
		{"Ann: Please check the list tonight and tell me what is missing.", "23 Nov"},
		{"Ann: I'll wash the van and give it back on Sunday.", "29 Nov"},
		{"Ann: Please read it and send it back by Wednesday.", "25 Nov"},
		{"Ann: I'm off from Thursday. | Ben: Brief Carla before you go.", "26 Nov"},
		{"Ann: The offer is good until the 30th. | Ben: Then order the tiles before it runs out.", "30 Nov"},
		{"Ann: I fly on Wednesday. | Ben: Call me before you leave.", "25 Nov"},
		{"Ann: He retires on December 18. I'll ask him about the vault before he goes.", "18 Dec"},
		{"Ann: Thursday then, I'll book it.", "none"},
		{"Ann: The 4th then, I'll put it down.", "none"},
	}
}

func dueUnread() []dueCase {
	return []dueCase{
		{"Ann: The inspection is on Thursday. Ben, please clear the corridor the day before.", "25 Nov"},
		{"Ann: The grant closes on December 4. Could you submit the form before that?", "4 Dec"},
		{"Ann: The due date is December 1st. Please upload the essay.", "1 Dec"},
		{"Ann: They need it by Thursday. Can you print the badges?", "26 Nov"},
		{"Ann: My flight is on the 3rd. Could you water the plants?", "none"},
		{"Ann: I have a dentist appointment on Tuesday. Please lock the shop.", "none"},
		{"Ann: Our lease ends on December 31. I'll ask for a new one.", "none"},
		{"Ann: The heating man came on Friday. Please pay him.", "none"},
		{"Ann: If it rains on Sunday, please move the chairs inside.", "none"},
		{"Ann: If you're free on Sunday, please help me with the chairs.", "29 Nov"},
		{"Ann: Unless the doctor says otherwise on Thursday, keep taking the drops.", "none"},
		{"Ann: Should the parcel arrive tomorrow, please sign for it.", "24 Nov"},
		{"Ann: I'll pay you when I get my salary on the 30th.", "30 Nov"},
		{"Ann: As soon as the shop opens tomorrow, please fetch the ladder.", "24 Nov"},
		{"Ann: I'll be back from Rome on Thursday and I'll bring the keys.", "26 Nov"},
		{"Ann: After I've seen the doctor on Friday, I'll let you know.", "27 Nov"},
		{"Ann: Please ring the plumber first thing on Wednesday.", "25 Nov"},
		{"Ann: I'll ring the plumber first thing.", "none"},
		{"Ann: Please file the claim by the close of the month.", "30 Nov"},
		{"Ann: I'll have the cellar empty before December.", "1 Dec"},
		{"Ann: Please check the traps each Friday.", "none"},
		{"Ann: I'll send you a report on the first of every month.", "none"},
		{"Ann: I'll pick up the cake on Friday and decorate it on Saturday.", "27 Nov; 28 Nov"},
		{"Ann: I'll send the contract today and Ben will sign it tomorrow.", "23 Nov; 24 Nov"},
		{"Ann: I'll measure the windows tomorrow, and you order the glass on Wednesday.", "24 Nov; 25 Nov"},
		{"Ann: Please come to the desk on Thursday and bring your passport.", "26 Nov; 26 Nov"},
		{"Ann: The prices go up in January, I'll send you the new list.", "none"},
		{"Ann: I've had the car since 2019, please check the brakes.", "none"},
		{"Ann: Please find me the mail from last Tuesday.", "none"},
		{"Ann: I'll look for the photos from Sunday.", "none"},
		{"Ann: Please cancel the booking for the 28th.", "none"},
		{"Ann: I'll confirm the table for Friday night.", "none"},
		{"Ann: Please put the dinner on the 4th in the calendar.", "none"},
		{"Ann: Please add the visit on Monday to the list.", "none"},
		{"Ann: I'll write the agenda for the call on Wednesday.", "none"},
		{"Ann: Could you buy flowers for Grandma's birthday on the 2nd?", "none"},
		{"Ann: I'd like to see the flat any day between Monday and Wednesday, so please let me know.", "none"},
		{"Ann: Please be at home between eight and noon on Thursday.", "26 Nov"},
		{"Ann: From next Monday please park behind the house.", "30 Nov"},
		{"Ann: Starting Thursday, please log your hours.", "26 Nov"},
		{"Ann: The tax office wants it by the 30th, so I'll finish the forms.", "30 Nov"},
		{"Ann: I leave on Thursday, so please give me the keys before that.", "26 Nov"},
		{"Ann: Can you fix the lamp? | Ben: Sure. | Ann: Tomorrow would be great.", "24 Nov"},
		{"Ann: Can you mend the fence? By Saturday, if possible.", "28 Nov"},
		{"Ann: Could you send me the drawings? I need them by Thursday.", "26 Nov"},
		{"Ann: I'll repair the pump. It should be done by Friday.", "27 Nov"},
		{"Ann: I promised the map for Wednesday, so I'll draw it tonight.", "23 Nov"},
		{"Ann: He told me on Friday that he'd pay, so please remind him tomorrow.", "24 Nov"},
		{"Ann: Not on Tuesday, please come on Wednesday.", "25 Nov"},
		{"Ann: Instead of Thursday, please deliver it on Friday.", "27 Nov"},
		{"Ann: I'll pick you up at six on Friday, the show is at eight.", "27 Nov"},
		{"Ann: Please call me back before three, I have a class then.", "23 Nov"},
		{"Ann: We'll discuss it at Thursday's meeting.", "26 Nov"},
		{"Ann: Let's talk about the roof at the next meeting on the 8th.", "8 Dec"},
		{"Ann: I'll get it to you no later than Wednesday.", "25 Nov"},
		{"Ann: Please answer by return, at the latest on Friday.", "27 Nov"},
		{"Ann: I'm seeing the architect on Tuesday, I'll show him the sketch.", "24 Nov"},
		{"Ann: The engineer will look at it on Monday, then he'll write you an offer.", "none"},
		{"Ann: A man from the gas works will come by on Tuesday.", "24 Nov"},
		{"Ann: You'll get the key from the porter on Saturday.", "28 Nov"},
		{"Ann: Leave the bike here and I'll mend it on Friday.", "none; 27 Nov"},
		{"Ann: Mail me the photos and I'll choose one tonight.", "none; 23 Nov"},
		{"Ann: I'll bring the paint, could you bring the ladder tomorrow?", "none; 24 Nov"},
		{"Ann: I'll drop the plans off, have a look at them over the weekend.", "none; 29 Nov"},
		{"Ann: The bus leaves on Saturday at nine. Please be there at half past eight.", "28 Nov"},
		{"Ann: The exam is on Friday. Please don't eat after midnight.", "none"},
		{"Ann: The parade is on Sunday. | Ben: Okay. | Ann: Could you call me at noon?", "23 Nov"},
		{"Ann: It's open again on Wednesday. Please pick up the parcel at three.", "25 Nov"},
		{"Ann: I'll ask him on Tuesday and write to you on Wednesday.", "24 Nov"},
		{"Ann: Please pack the boxes on Thursday and bring them over on Friday.", "26 Nov"},
		{"Ann: Go home now and come back on Thursday.", "26 Nov"},
		{"Ann: I'll phone the bank first and then write to them tomorrow.", "24 Nov"},
		{"Ann: The movers come on Saturday. Please empty the fridge before they arrive.", "28 Nov"},
		{"Ann: The gallery closes on Friday. | Ben: Please fetch my drawing before it closes.", "27 Nov"},
		{"Ann: I was there on Friday. | Ben: Call me before you go.", "none"},
		{"Ann: It smells odd. Please check the milk before you drink it.", "none"},
	}
}
