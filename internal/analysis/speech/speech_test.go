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
		"TODO: fix the login page":                                 speech.ActionItem,
		"Bob to write the minutes by Friday.":                      speech.ActionItem,
		"Call me tomorrow.":                                        speech.FollowUp,
		"If you don't get it tomorrow, let me know.":               speech.FollowUp,
		"Please let me know by tomorrow if you have any comments.": speech.FollowUp,
		"Can you meet me there?":                                   speech.FollowUp,
		"Please give Bob a call.":                                  speech.FollowUp,
		"Why don't you check with Ann?":                            speech.FollowUp,
		"Please find the file attached.":                           "",
		"Please join me in wishing her well.":                      "",
		"If you have any questions, please call me.":               "",
		"When you are ready to speak, please activate your mic.":   "",
		"Can you tell me the price?":                               "",
		"Could you explain that?":                                  "",
		"Call quality was poor.":                                   "",
		"Talk to you tomorrow.":                                    "",
		"Get some rest.":                                           "",
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
	doer       speech.Doer
	name       string
	definitive bool
	phrases    []string
}

func TestDetails(t *testing.T) {
	t.Parallel()

	members := speech.People{Speaker: "Ann Lee", Others: []string{"bob smith", "Éva"}}
	tests := map[string]detail{
		"I'll send the report to the board, but not today.":    {speech.Speaker, "", true, []string{"send the report to the board"}},
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
		"I'll write it and Bob will check it because we must.": {speech.Speaker, "", true, []string{"write it", "check it"}},
		"Please re-schedule the call.":                         {speech.Addressee, "", false, []string{"re-schedule the call"}},
	}
	for text, want := range tests {
		var got detail
		for _, f := range find(text, members) {
			if f.Kind == speech.Question {
				continue
			}
			got = detail{doer: f.Doer, name: text[f.Name.Start:f.Name.End], definitive: f.Definitive}
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

func TestFindAppends(t *testing.T) {
	t.Parallel()

	f := speech.New()
	to := f.Find(nil, words.Split(nil, "Could you call me?"), speech.People{})
	to = f.Find(to, words.Split(nil, "I'll fix it."), speech.People{})
	var got []speech.Kind
	for _, finding := range to {
		got = append(got, finding.Kind)
	}
	if want := []speech.Kind{speech.Question, speech.FollowUp, speech.ActionItem}; !slices.Equal(got, want) {
		t.Errorf("Find appended to %v, want %v", got, want)
	}
}

// Long text of one kind takes no longer than its length explains.
func TestLongText(t *testing.T) {
	t.Parallel()

	f := speech.New()
	for _, piece := range []string{"a", "I ", "I will ", "please ", "? ", "! ", "😀", "e\u0301", "שלום ", "and ", "to ", "if you ", "Bob ", "right ", "- ", "please, "} {
		said := words.Split(nil, strings.Repeat(piece, 64<<10/len(piece)))
		for _, finding := range f.Find(nil, said, speech.People{}) {
			if finding.Score > 1 {
				t.Errorf("%q, repeated: %+v", piece, finding)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, text := range []string{
		"Could you call Bob'll by 3?\xff", "I will, in fact, e-mail", "Let me", "please ,", "to - do :",
		"Mark and I will would be appreciated", "İ will have to be", "don't forget to", "’ll", "if you",
	} {
		f.Add(text)
	}
	finder := speech.New()
	f.Fuzz(func(t *testing.T, text string) {
		said := words.Split(nil, text)
		found := finder.Find(nil, said, speech.People{Speaker: "Ann", Others: []string{"", "Bob ’ll"}})
		if diff := cmp.Diff(found, finder.Find(nil, said, speech.People{Speaker: "Ann", Others: []string{"", "Bob ’ll"}})); diff != "" {
			t.Fatalf("%q differs the second time: %s", text, diff)
		}
		for _, f := range found {
			if f.Score < speech.Least || f.Score > 1 || (f.Kind == speech.Question) != (len(f.Phrases) == 0) {
				t.Fatalf("%q: %+v", text, f)
			}
			end := 0
			for _, p := range append(f.Phrases, speech.Span{Start: max(end, f.Name.Start), End: f.Name.End}) {
				if p.Start < 0 || p.Start > p.End || p.End > len(text) {
					t.Fatalf("%q: span %v of %+v", text, p, f)
				}
			}
			for _, p := range f.Phrases {
				if p.Start < end || p.Start == p.End {
					t.Fatalf("%q: phrase %v of %+v", text, p, f)
				}
				end = p.End
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	const message = "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp in New York? Would you mind pointing me toward the right person and the best way to reach them? I'll send the list tomorrow, I really appreciate it!"
	var sentences [][]words.Word
	for text := range strings.SplitAfterSeq(message, ". ") {
		sentences = append(sentences, words.Split(nil, text))
	}
	finder := speech.New()
	people := speech.People{Speaker: "Natalia Diaz", Others: []string{"Mike Jones"}}
	var found []speech.Finding
	b.ReportAllocs()
	for b.Loop() {
		found = found[:0]
		for _, s := range sentences {
			found = finder.Find(found, s, people)
		}
	}
}
