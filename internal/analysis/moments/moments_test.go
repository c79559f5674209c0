package moments_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// ref is a Monday.
var ref = time.Date(2026, 6, 15, 10, 30, 0, 0, time.UTC)

func find(f *moments.Finder, text string) []moments.Moment {
	return f.Find(nil, text, words.Split(nil, text), ref, 0)
}

// told returns moments as the tables have them.
func told(text string, found []moments.Moment) string {
	var all []string
	for _, m := range found {
		said := m.Value
		if m.From != "" || m.To != "" {
			said = m.From + " to " + m.To
		}
		all = append(all, strings.TrimSpace(string(m.Type)+" "+text[m.Start:m.End]+" = "+said))
	}
	return strings.Join(all, "; ")
}

func TestFind(t *testing.T) {
	t.Parallel()

	f := moments.New()
	for _, tt := range []struct{ text, want string }{
		// Days.
		{"Let's meet tomorrow.", "date tomorrow = 2026-06-16"},
		{"the day after tomorrow", "date the day after tomorrow = 2026-06-17"},
		{"It was due on Friday", "date Friday = 2026-06-19"},
		{"next Friday, not this Friday", "date next Friday = 2026-06-26; date this Friday = 2026-06-19"},
		{"coming Monday", "date coming Monday = 2026-06-22"},
		{"last Thursday", "date last Thursday = 2026-06-11"},
		{"next week on Tuesday", "date next week on Tuesday = 2026-06-23"},
		{"June 22nd", "date June 22nd = 2026-06-22"},
		{"Jan. 5, 2027 or 5 January", "date Jan. 5, 2027 = 2027-01-05; date 5 January = 2027-01-05"},
		{"Friday the 26th", "date Friday the 26th = 2026-06-26"},
		{"see you on the 15th, or the 3rd.", "date the 15th = 2026-06-15; date the 3rd = 2026-07-03"},
		{"the 21st of next month", "date the 21st of next month = 2026-07-21"},
		{"the first Monday of next month", "date the first Monday of next month = 2026-07-06"},
		{"2026-06-22 and 22/06/2026 and 06/22/26", "date 2026-06-22 = 2026-06-22; date 22/06/2026 = 2026-06-22; date 06/22/26 = 2026-06-22"},
		{"on 3/4/2026 or 3.4.2026", "date 3/4/2026 = 2026-03-04; date 3.4.2026 = 2026-04-03"},
		{"You'll have it on the tenth, or on the eleventh.", "date the tenth = 2026-07-10; date the eleventh = 2026-07-11"},
		{"half an hour before 3 pm tomorrow", "datetime half an hour before 3 pm tomorrow = 2026-06-16 14:30:00"},
		{"15 minutes after noon", "time 15 minutes after noon = 12:15:00"},
		{"two hours before the meeting", "duration two hours = 7200"},
		{"after 3 pm but before 6 pm", "timerange after 3 pm but before 6 pm = 15:00:00 to 18:00:00"},
		{"after 3 pm but before we leave", "timerange after 3 pm = 15:00:00 to"},
		{"half three?", "time half three = 15:30:00"},
		{"half three hundred", ""},
		{"this evening at 12", "datetime this evening at 12 = 2026-06-16 00:00:00"},
		{"Friday after next.", "date Friday after next = 2026-07-03"},
		{"the 20th of this month, or 20 of the next month", "date the 20th of this month = 2026-06-20; date 20 of the next month = 2026-07-20"},
		{"day after tomorrow 5pm", "datetime day after tomorrow 5pm = 2026-06-17 17:00:00"},
		{"the 2nd last week of October", "daterange the 2nd last week of October = 2026-10-19 to 2026-10-26"},
		{"in the third quarter, or in 2018Q4", "daterange the third quarter = 2026-07-01 to 2026-10-01; daterange 2018Q4 = 2018-10-01 to 2019-01-01"},
		{"the third quarter of an hour", "duration an hour = 3600"},
		{"Sunday from last week", "date Sunday from last week = 2026-06-14"},
		{"for 10 days from the 18th of December", "daterange for 10 days from the 18th of December = 2026-12-18 to 2026-12-28"},
		{"last week-end in October", "daterange last week-end in October = 2026-10-31 to 2026-11-02"},
		{"a quarter past 3pm; twenty after 4 pm", "time a quarter past 3pm = 15:15:00; time twenty after 4 pm = 16:20:00"},
		{"3 in the AM", "time 3 in the AM = 03:00:00"},
		{"around 5ish on Friday", "datetime around 5ish on Friday = 2026-06-19 17:00:00"},
		{"at 15h", "time at 15h = 15:00:00"},
		{"it takes 15h", "duration 15h = 54000"},
		{"at 3 15 please, at 3 15 people", "time at 3 15 = 15:15:00"},
		{"in two more weeks", "date in two more weeks = 2026-06-29"},
		{"in 1/4 hour", "datetime in 1/4 hour = 2026-06-15 10:45:00"},
		{"in two weeks at 5 pm", "datetime in two weeks at 5 pm = 2026-06-29 17:00:00"},
		{"Monday early in the morning", "datetimerange Monday early in the morning = 2026-06-15 08:00:00 to 2026-06-15 12:00:00"},
		{"15 of July in the morning", "datetimerange 15 of July in the morning = 2026-07-15 08:00:00 to 2026-07-15 12:00:00"},
		{"today in one hour", "datetime today in one hour = 2026-06-15 11:30:00"},
		{"mid day tomorrow", "datetime mid day tomorrow = 2026-06-16 12:00:00"},
		{"sat?", "date sat = 2026-06-20"},
		{"he sat there", ""},
		{"by Friday week.", "daterange by Friday week =  to 2026-06-26"},
		{"tomorrow week, a week on Thursday", "date tomorrow week = 2026-06-23; date a week on Thursday = 2026-06-25"},
		{"the Saturday before Christmas", "date the Saturday before Christmas = 2026-12-19"},
		{"the Monday after the 20th", "date the Monday after the 20th = 2026-06-22"},
		{"by year-end, by month end", "daterange by year-end =  to 2027-01-01; daterange by month end =  to 2026-07-01"},
		{"before the month is out", "daterange before the month =  to 2026-07-01"},
		{"at half two on Tuesday", "datetime at half two on Tuesday = 2026-06-16 14:30:00"},
		{"at seven sharp tomorrow", "datetime at seven sharp tomorrow = 2026-06-16 07:00:00"},
		{"within the hour", "datetimerange within the hour = 2026-06-15 10:30:00 to 2026-06-15 11:30:00"},
		{"by 22.Jun.2026", "daterange by 22.Jun.2026 =  to 2026-06-22"},
		{"in two weeks", "date in two weeks = 2026-06-29"},
		{"in about three days", "date in about three days = 2026-06-18"},
		{"in roughly two weeks", "date in roughly two weeks = 2026-06-29"},
		{"2026/10 and 2026/13", "daterange 2026/10 = 2026-10-01 to 2026-11-01"},
		{"three days ago", "date three days ago = 2026-06-12"},
		{"in 9000 years", ""},
		{"90 centuries ago, in 9000 years or in two weeks", "date in two weeks = 2026-06-29"},
		{"2 weeks after Christmas", "date 2 weeks after Christmas = 2027-01-08"},
		{"a week from Friday", "date a week from Friday = 2026-06-26"},
		{"Thanksgiving", "date Thanksgiving = 2026-11-26"},
		{"Feb 29", "date Feb 29 = 2028-02-29"},
		// Days with a time.
		{"tomorrow at 3pm", "datetime tomorrow at 3pm = 2026-06-16 15:00:00"},
		{"Tuesday at 9", "datetime Tuesday at 9 = 2026-06-16 09:00:00"},
		{"5:30 p.m. on June 22nd", "datetime 5:30 p.m. on June 22nd = 2026-06-22 17:30:00"},
		{"tonight at 8", "datetime tonight at 8 = 2026-06-15 20:00:00"},
		{"2026-06-22T14:05:30", "datetime 2026-06-22T14:05:30 = 2026-06-22 14:05:30"},
		{"by end of day", "datetimerange by end of day =  to 2026-06-15 23:59:59"},
		{"EOD Friday", "datetime EOD Friday = 2026-06-19 23:59:59"},
		{"by close of business on Friday", "datetimerange by close of business on Friday =  to 2026-06-19 23:59:59"},
		{"3pm EST tomorrow", "datetime 3pm EST tomorrow = 2026-06-16 15:00:00"},
		{"in 45 minutes", "datetime in 45 minutes = 2026-06-15 11:15:00"},
		{"half an hour ago", "datetime half an hour ago = 2026-06-15 10:00:00"},
		// Ranges.
		{"by Friday", "daterange by Friday =  to 2026-06-19"},
		{"next week", "daterange next week = 2026-06-22 to 2026-06-29"},
		{"by the end of the month", "daterange by the end of the month =  to 2026-07-01"},
		{"end of quarter", "daterange end of quarter = 2026-05-16 to 2026-07-01"},
		{"in May, in March 2027", "daterange May = 2027-05-01 to 2027-06-01; daterange March 2027 = 2027-03-01 to 2027-04-01"},
		{"since May", "daterange since May = 2026-05-01 to"},
		{"between Monday and Wednesday", "daterange between Monday and Wednesday = 2026-06-15 to 2026-06-17"},
		{"June 20-24", "daterange June 20-24 = 2026-06-20 to 2026-06-24"},
		{"from Dec 28 to Jan 3", "daterange from Dec 28 to Jan 3 = 2026-12-28 to 2027-01-03"},
		{"Q3 2026, last quarter", "daterange Q3 2026 = 2026-07-01 to 2026-10-01; daterange last quarter = 2026-01-01 to 2026-04-01"},
		{"the next two weeks", "daterange the next two weeks = 2026-06-16 to 2026-06-30"},
		{"the first week of July", "daterange the first week of July = 2026-06-29 to 2026-07-06"},
		{"within 3 days", "daterange within 3 days = 2026-06-15 to 2026-06-18"},
		{"no later than Thursday", "daterange later than Thursday =  to 2026-06-18"},
		{"since 2019", "daterange since 2019 = 2019-01-01 to"},
		{"the 1990s", "daterange the 1990s = 1990-01-01 to 2000-01-01"},
		// Ranges with a time.
		{"tomorrow morning", "datetimerange tomorrow morning = 2026-06-16 08:00:00 to 2026-06-16 12:00:00"},
		{"last night", "datetimerange last night = 2026-06-14 20:00:00 to 2026-06-14 23:59:59"},
		{"Monday from 4 to 5 pm", "datetimerange Monday from 4 to 5 pm = 2026-06-15 16:00:00 to 2026-06-15 17:00:00"},
		{"Friday 11-3", "datetimerange Friday 11-3 = 2026-06-19 11:00:00 to 2026-06-19 15:00:00"},
		{"10pm to 2am tomorrow", "datetimerange 10pm to 2am tomorrow = 2026-06-16 22:00:00 to 2026-06-17 02:00:00"},
		{"tomorrow before noon", "datetimerange tomorrow before noon =  to 2026-06-16 12:00:00"},
		{"now until 5pm.", "datetimerange now until 5pm = 2026-06-15 10:30:00 to 2026-06-15 17:00:00"},
		// What is over, what is to come.
		{"It was shipped on March 3rd.", "date March 3rd = 2026-03-03"},
		{"Leave it unlocked on July 3rd.", "date July 3rd = 2026-07-03"},
		{"They left it unlocked on March 3rd.", "date March 3rd = 2026-03-03"},
		{"I sent it last Friday", "date last Friday = 2026-06-12"},
		{"We met on Friday", "date Friday = 2026-06-12"},
		{"It was moved to Friday", "date Friday = 2026-06-19"},
		{"It has been shipped on March 3rd.", "date March 3rd = 2026-03-03"},
		{"It will be delivered on March 3rd.", "date March 3rd = 2027-03-03"},
		{"Send the revised quote on Friday", "date Friday = 2026-06-19"},
		{"We are closed on Friday", "date Friday = 2026-06-19"},
		{"I can have it fixed on Friday", "date Friday = 2026-06-19"},
		{"She said she'll ring on Friday", "date Friday = 2026-06-19"},
		{"He was asked to send it on Friday", "date Friday = 2026-06-19"},
		{"The appointment is June 12", "date June 12 = 2027-06-12"},
		{"by end of day Friday", "datetimerange by end of day Friday =  to 2026-06-19 23:59:59"},
		{"I will bring two on Friday", "date Friday = 2026-06-19"},
		{"in a quarter of an hour", "datetime in a quarter of an hour = 2026-06-15 10:45:00"},
		{"two Fridays from now", "date two Fridays from now = 2026-06-26"},
		{"the Friday after next", "date the Friday after next = 2026-07-03"},
		{"tonight at 2", "datetime tonight at 2 = 2026-06-16 02:00:00"},
		{"within 3 business days", "daterange within 3 business days = 2026-06-15 to 2026-06-18"},
		{"within 5 business days", "daterange within 5 business days = 2026-06-15 to 2026-06-22"},
		{"15 to noon", "time 15 to noon = 11:45:00"},
		{"the last weekend of October", "daterange the last weekend of October = 2026-10-31 to 2026-11-02"},
		{"mid-March", "daterange mid-March = 2027-03-10 to 2027-03-21"},
		{"at 15h30", "time at 15h30 = 15:30:00"},
		{"by 9h15 tomorrow", "datetimerange by 9h15 tomorrow =  to 2026-06-16 09:15:00"},
		// Times.
		{"at noon", "time at noon = 12:00:00"},
		{"call at 3 or so", ""},
		{"call at 3 please", "time at 3 = 15:00:00"},
		{"at 9:15am", "time at 9:15am = 09:15:00"},
		{"half past seven, quarter to five", "time half past seven = 07:30:00; time quarter to five = 16:45:00"},
		{"7 o'clock in the evening", "time 7 o'clock in the evening = 19:00:00"},
		{"at 12 am", "time at 12 am = 00:00:00"},
		{"after 5pm", "timerange after 5pm = 17:00:00 to"},
		{"from 4 to 5 pm", "timerange from 4 to 5 pm = 16:00:00 to 17:00:00"},
		{"9:30-11", "timerange 9:30-11 = 09:30:00 to 11:00:00"},
		{"in the afternoon", "timerange in the afternoon = 12:00:00 to 16:00:00"},
		// Amounts, repetitions.
		{"it took two and a half hours", "duration two and a half hours = 9000"},
		{"a 30-minute call", "duration 30-minute = 1800"},
		{"1 hour and 15 min", "duration 1 hour and 15 min = 4500"},
		{"every Monday at 4pm, daily", "recurrence every Monday at 4pm =; recurrence daily ="},
		{"twice a week", "recurrence twice a week ="},
		// Signs of Chinese and Japanese.
		{"会议在2027年5月3日举行, 5月3日に会いましょう", "date 2027年5月3日 = 2027-05-03; date 5月3日 = 2027-05-03"},
		{"13月45日", ""},
	} {
		if diff := cmp.Diff(tt.want, told(tt.text, find(f, tt.text))); diff != "" {
			t.Errorf("Find(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

// TestFindNothing has words and numbers that look like times and are none.
func TestFindNothing(t *testing.T) {
	t.Parallel()

	f := moments.New()
	for _, text := range []string{
		"", "May I ask? You may not. This may be it.", "They march on. I sat down in the sun.", "Give me a second option.",
		"He spoke at one of your conferences", "It costs 5 dollars at 10 percent", "rated 9/10, 24/7, 50/50", "version 2.10.3 at 4:3",
		"Tel: +86 138-2010-2015", "(206) 555-1212", "deliver 2000 pieces", "the 2nd option", "2026-13-45", "Good morning Paul",
		"the end of the line", "on the first floor", "by the fifth attempt", "half five people", "by half two hundred", "the 6th and 7th floor", "between 5 and 6 people", "my twins are 1 year-old", "day after day", "Now that it works",
		"我们明天见", "nos vemos mañana", "नमस्ते", "غدا", "😀😀",
	} {
		if got := told(text, find(f, text)); got != "" {
			t.Errorf("Find(%q) = %s, want nothing", text, got)
		}
	}
}

// TestSoon has hours that are over and come again after noon.
func TestSoon(t *testing.T) {
	t.Parallel()

	f := moments.New()
	for _, tt := range []struct {
		text     string
		at, want string
	}{
		{"They ring around ten.", "21:45", "2026-06-15 22:00"},
		{"Send it by ten.", "20:00", "2026-06-15 22:00"},
		{"Meet me at five.", "22:00", "2026-06-16 17:00"},
		{"Come at eight.", "14:00", "2026-06-16 08:00"},
	} {
		clock, _ := time.Parse("15:04", tt.at)
		now := time.Date(2026, 6, 15, clock.Hour(), clock.Minute(), 0, 0, time.UTC)
		found := f.Find(nil, tt.text, words.Split(nil, tt.text), now, 0)
		if len(found) != 1 || found[0].Due.Format("2006-01-02 15:04") != tt.want {
			t.Errorf("Find(%q) at %s = %+v, want it due at %s", tt.text, tt.at, found, tt.want)
		}
	}
}

// TestHardlySure has days and instants that are words of greeting, and the same that are none.
func TestHardlySure(t *testing.T) {
	t.Parallel()

	f := moments.New()
	for text, want := range map[string]bool{
		"What brings you in today?":      false,
		"How are you doing today?":       false,
		"Thanks for calling us today.":   false,
		"How can I help you today?":      false,
		"I've issued it now.":            false,
		"How long does it take today?":   true,
		"Please thank them for me today": true,
		"You need it right now.":         true,
	} {
		found := find(f, text)
		if len(found) != 1 || found[0].Score >= 0.5 != want {
			t.Errorf("Find(%q) = %+v, want one that is likely: %t", text, found, want)
		}
	}
}

func TestFindAsksTheZone(t *testing.T) {
	t.Parallel()

	const text = "today at 9 pm"
	night := time.Date(2026, 6, 16, 3, 0, 0, 0, time.UTC)
	got := moments.New().Find(nil, text, words.Split(nil, text), night, -7*60)
	want := []moments.Moment{{
		Type: moments.DateTime, End: len(text), Value: "2026-06-15 21:00:00", Score: 0.95,
		Due: time.Date(2026, 6, 16, 4, 0, 0, 0, time.UTC),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Find(%q) (-want +got):\n%s", text, diff)
	}
}

func TestDue(t *testing.T) {
	t.Parallel()

	f := moments.New()
	for text, want := range map[string]string{
		"on June 22nd":            "2026-06-22T00:00:00Z",
		"by Friday":               "2026-06-19T00:00:00Z",
		"next week":               "2026-06-28T00:00:00Z",
		"by end of day":           "2026-06-15T23:59:59Z",
		"tomorrow from 4 to 5pm":  "2026-06-16T17:00:00Z",
		"at 5pm":                  "2026-06-15T17:00:00Z",
		"at 9am":                  "2026-06-16T09:00:00Z", // is past today
		"after Friday":            "0001-01-01T00:00:00Z",
		"two hours":               "0001-01-01T00:00:00Z",
		"every Monday":            "0001-01-01T00:00:00Z",
		"last Friday":             "0001-01-01T00:00:00Z", // nothing is due before it is said
		"by the end of the month": "2026-06-30T23:59:59Z",
		"by the end of next week": "2026-06-28T23:59:59Z",
		"within two days":         "2026-06-17T00:00:00Z",
		"tonight at 2":            "2026-06-16T02:00:00Z",
		"at 3 pm EST":             "2026-06-15T20:00:00Z",
		"tomorrow at 9:00 (CET)":  "2026-06-16T08:00:00Z",
		"3 to 4 pm EST":           "2026-06-15T21:00:00Z",
		"15:00 GMT - 18:00 GMT":   "2026-06-15T18:00:00Z",
		"9 am EST to 11 am EST":   "2026-06-15T16:00:00Z",
		"after 5 pm":              "2026-06-15T23:59:59Z",
		"after 5 pm today":        "2026-06-15T23:59:59Z",
		"since 5 pm":              "0001-01-01T00:00:00Z",
	} {
		found := find(f, text)
		if len(found) != 1 || found[0].Due.Format(time.RFC3339) != want {
			t.Errorf("%q is due at %+v, want %s", text, found, want)
		}
	}
}

// TestFindAppends also sees that a Finder may be shared.
func TestFindAppends(t *testing.T) {
	t.Parallel()

	f := moments.New()
	to := make([]moments.Moment, 1, 8)
	if got := f.Find(to, "noon", words.Split(nil, "noon"), ref, 0); len(got) != 2 || &got[0] != &to[0] {
		t.Errorf("Find did not append to what it was given: %+v", got)
	}
	for range 4 {
		t.Run("shared", func(t *testing.T) {
			t.Parallel()
			for range 100 {
				if got := told("by Friday", find(f, "by Friday")); got != "daterange by Friday =  to 2026-06-19" {
					t.Errorf("got %s", got)
				}
			}
		})
	}
}

// TestFindIsLinear gives it what a quadratic scan would not survive.
func TestFindIsLinear(t *testing.T) {
	t.Parallel()

	f := moments.New()
	for _, unit := range []string{
		"a", "1", "1 ", "9/", "twenty ", "from 1 to ", "Monday ", "the end of ", "next ", "2 weeks and ", "between ", "Monday, ",
		"at ", "in the ", "every Monday and ", "by ", "may ", "1:", "😀", "a\u0301", "שלום ", "-", "\n",
	} {
		text := strings.Repeat(unit, 64<<10/len(unit))
		began := time.Now()
		find(f, text)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%d bytes of %q took %v", len(text), unit, took)
		}
	}
}

func FuzzFind(f *testing.F) {
	finder := moments.New()
	f.Add("from 3 and 12 of Sept, twenty-first May 5th, 2026 at 5:30 p.m. or later\xff İ frİ5", int64(1), 60)
	f.Add("the end of the first week of last February 30 99/99/9999 2026-02-30T25:61", int64(-1e11), -1000)
	f.Add("in 99999 years 1000000 centuries ago since next decade 0:00 24:00 – 23:59", int64(1e11), 0)
	f.Fuzz(func(t *testing.T, text string, at int64, ahead int) {
		end := 0
		for _, m := range finder.Find(nil, text, words.Split(nil, text), time.Unix(at%1e11, 0), ahead%1000) {
			if m.Start < end || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("Find(%q): a moment from %d to %d after %d", text, m.Start, m.End, end)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[m.Start:m.End]) {
				t.Fatalf("Find(%q) cut a character", text)
			}
			if _, err := m.Due.MarshalJSON(); err != nil {
				t.Fatalf("Find(%q): %v", text, err)
			}
			if m.Score <= 0 || m.Score > 1 {
				t.Fatalf("Find(%q): the score of %q is %v", text, text[m.Start:m.End], m.Score)
			}
			end = m.End
		}
	})
}

func BenchmarkFind(b *testing.B) {
	f := moments.New()
	const text = "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Could we meet next Tuesday from 4 to 5 pm, or by Friday at the latest? I may be travelling at the end of the month, so please send the slides in two days. Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance!"
	all := words.Split(nil, text)
	b.ReportAllocs()
	var found []moments.Moment
	for b.Loop() {
		found = f.Find(found[:0], text, all, ref, 120)
	}
}
