package topics_test

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/topics"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

var dictionary = sync.OnceValue(func() *terms.Dictionary {
	lex, err := lexicon.Load()
	if err != nil {
		panic(err)
	}
	return terms.New(lex)
})

// A line is a message: who speaks, and what is said.
func collect(opts topics.Options, lines ...string) *topics.Collection {
	c := topics.Collect(dictionary(), opts)
	for n, line := range lines {
		speaker, text, _ := strings.Cut(line, ": ")
		c.Add(topics.Message{ID: strconv.Itoa(n), Speaker: speaker, Words: words.Split(nil, text)})
	}
	return c
}

// texts returns the texts of topics, the messages and the parents of each.
func texts(found []topics.Topic) (all []string) {
	for _, t := range found {
		text := t.Text + " " + strings.Join(t.Messages, ",")
		if t.Parents != nil {
			text += " < " + strings.Join(t.Parents, ", ")
		}
		all = append(all, text)
	}
	return all
}

func TestTopics(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		lines []string
		want  []string
	}{
		{name: "nothing"},
		{name: "fillers only", lines: []string{"A: Um, okay.", "B: Thanks a lot!", "A: See you tomorrow at 10am."}},
		{
			name: "what two speakers take up comes first, and a verb is none",
			lines: []string{
				"A: We deployed the new build to staging this morning.",
				"A: The login page is throwing errors, looks like the session cache isn't shared.",
				"B: Yeah, the session cache needs Redis, we're still on memcached in staging.",
				"B: Okay, I will migrate the staging environment to Redis today.",
				"A: Thanks, please also check the customer's contract on data retention.",
			},
			want: []string{
				"session cache 1,2", "Redis 2,3", "login page 1", "staging 2,3", "staging environment 3 < staging", "memcached 2",
				"data retention 4",
			},
		},
		{
			name:  "forms of a word are one topic, by the form that most have",
			lines: []string{"A: Our invoice is late.", "A: The invoices are late.", "A: All the invoices?"},
			want:  []string{"invoices 0,1,2"},
		},
		{
			name:  "a part that hardly occurs by itself is none",
			lines: []string{"A: The payment gateway is slow.", "B: Which payment gateway?", "A: That gateway."},
			want:  []string{"payment gateway 0,1"},
		},
		{
			name:  "a name may begin with a stop word",
			lines: []string{"A: They open a shop in New York."},
			want:  []string{"shop 0", "New York 0"},
		},
		{
			name:  "an adjective is part of one, and none by itself",
			lines: []string{"A: The expensive parcels are late and the lid was ripped.", "A: They were expensive."},
			want:  []string{"expensive parcels 0", "lid 0"},
		},
		{
			name:  "what is broken off and begun again is said once",
			lines: []string{"A: The rem remote needs a cha charger."},
			want:  []string{"charger 0", "remote 0"},
		},
		{
			name:  "hyphens join",
			lines: []string{"A: We want company-wise hiring - and a follow-up."},
			want:  []string{"company-wise hiring 0"},
		},
		{
			name:  "numbers, handles and hosts are none",
			lines: []string{"A: 42 3.5 28th 5pm x.org http 1b2c3d4e5f snake_case Q3"},
			want:  []string{"Q3 0"},
		},
		{
			name: "other languages have none",
			lines: []string{
				"A: hallo zusammen, habt ihr die neuen Verträge schon gesehen?",
				"B: ja, ich habe sie gestern dem Kunden geschickt und warte auf eine Antwort",
				"A: 我们明天见。", "B: שלום וברכה לכולם היום בבוקר יש לנו פגישה", "A: Verträge!",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if diff := cmp.Diff(tt.want, texts(collect(topics.Options{}, tt.lines...).Topics())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestConversation takes a meeting of 40 messages. Its points come up: the
// launch, the payments and their timeouts, the review, the freeze, the
// translations, the campaign. Dates and speakers do not.
func TestConversation(t *testing.T) {
	t.Parallel()

	content, err := os.ReadFile("testdata/launch.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	want := []string{
		"launch 1,2,10,25,33", "app 1,16,17,23", "shopping cart 12,13", "payment 5,6,9,10",
		"payment gateway 5,6 < payment", "timeouts 7,8", "code freeze 24,25", "app store review 16,17 < app",
		"privacy policy 18,19", "translations 26,27,28", "marketing campaign 32,33", "podcasts 34,35",
		"French 27,28,29", "mobile app 1 < app", "legal team 20,22", "launch date 2 < launch",
	}
	got := collect(topics.Options{}, lines...).Topics()
	if diff := cmp.Diff(want, texts(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for n, topic := range got {
		if topic.Score < 0.5 || topic.Score > 0.95 || n > 0 && topic.Score > got[n-1].Score {
			t.Errorf("%q has the score %.2f after %.2f", topic.Text, topic.Score, got[max(0, n-1)].Score)
		}
	}
	if diff := cmp.Diff(got, collect(topics.Options{}, lines...).Topics()); diff != "" {
		t.Errorf("a second time (-first +second):\n%s", diff)
	}
}

func TestMembersAreNoTopics(t *testing.T) {
	t.Parallel()

	opts := topics.Options{Members: []string{"Mike Chen", "Natalia"}}
	got := collect(opts, "A: Hi Mike, Natalia here.", "B: Natalia! Ask Mike's lawyer.").Topics()
	if diff := cmp.Diff([]string{"lawyer 1"}, texts(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVocabulary(t *testing.T) {
	t.Parallel()

	opts := topics.Options{Vocabulary: []string{"terms of service", " C++ ", "Vertrag", "hire", "never said", "", "terms of service", "a b c d e f g h i"}}
	got := collect(opts, "A: They hired him for C++, see the term of service.", "B: Das ist der neue Vertrag über das Haus.", "A: Hiring!").Topics()
	want := []string{"hire 0,2", "C++ 0", "Vertrag 1", "terms of service 0"}
	if diff := cmp.Diff(want, texts(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, topic := range got {
		if topic.Score < 0.75 || topic.Score > 1 {
			t.Errorf("%q has the score %.2f, want 0.75 or more", topic.Text, topic.Score)
		}
	}
}

func TestKeyAndSentiment(t *testing.T) {
	t.Parallel()

	c := topics.Collect(dictionary(), topics.Options{})
	for id, polarity := range map[string]float64{"a": 0.5, "b": 0.5} {
		c.Add(topics.Message{ID: id, Words: words.Split(nil, "The hiring plans"), Sentiment: polarity})
	}
	first := c.Topics()[0]
	c.Add(topics.Message{ID: "c", Words: words.Split(nil, "The hiring plan"), Sentiment: -0.25})
	second := c.Topics()[0]
	if first.Key != "hire plan" || second.Key != first.Key {
		t.Errorf("the key is %q, then %q, want %q", first.Key, second.Key, "hire plan")
	}
	if first.Sentiment != 0.5 || second.Sentiment != 0.25 {
		t.Errorf("the sentiment is %v, then %v, want 0.5, then 0.25", first.Sentiment, second.Sentiment)
	}
}

// TestBroaderTopic has a topic that is said wherever another is, and oftener.
func TestBroaderTopic(t *testing.T) {
	t.Parallel()

	var lines []string
	for range 3 {
		lines = append(lines, "A: The budget, and the salaries.", "B: The budget.", "A: The budget, or the campaign.", "B: A campaign?")
	}
	got := texts(collect(topics.Options{}, lines...).Topics())
	want := []string{"budget 0,1,2,4,5,6,8,9,10", "campaign 2,3,6,7,10,11", "salaries 0,4,8 < budget"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDoubles has phrases that say the same as another.
func TestDoubles(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"short for it", []string{"A: The single sign-on, please.", "B: Is SSO there?", "A: The single sign-on is there."}, []string{"single sign-on 0,2"}},
		{"short for another", []string{"A: The single sign-on, please.", "B: Is the VPN there?"}, []string{"single sign-on 0", "VPN 1"}},
		{"spelled with a hyphen", []string{"A: An e-mail?", "B: The email.", "B: That email."}, []string{"email 0,1,2"}},
		{"singular and plural", []string{"A: The bus?", "B: The buses.", "A: Two shelves.", "B: The shelf?"}, []string{"bus 0,1", "shelves 2,3"}},
	} {
		got := texts(collect(topics.Options{}, tt.lines...).Topics())
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestNoTopics has words that are said like topics and are none.
func TestNoTopics(t *testing.T) {
	t.Parallel()

	got := texts(collect(
		topics.Options{},
		"A: The reviews were mixed, but it works.", "B: She is dizzy, take care.", "A: It was 10 mg or 20 litres.",
		"B: Noted.", "A: Deleting the attachment?", "B: It's safer upstairs, beforehand.", "A: He eats, and she lends.", "B: The call?",
		"A: It has been rewritten.", "B: The patient care.",
		"A: Renew it today, and wash your hands.", "B: Unannounced, in five working days.", "A: Please have the hide swept.", "B: The mainland rang, give it a ring.",
		"A: Thank you for calling Northgate Heating.",
	).Topics())
	if diff := cmp.Diff([]string{"Northgate Heating 14", "patient care 9", "attachment 4", "reviews 0", "hide 12", "hands 10", "mainland 13"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestForgetting has more phrases than are counted; what is frequent keeps all
// its messages.
func TestForgetting(t *testing.T) {
	t.Parallel()

	c := topics.Collect(dictionary(), topics.Options{})
	rare := chatter(30_000)
	for n, text := range rare {
		if n%10 == 0 {
			text = "The turbines. The " + strconv.Itoa(n%7) + ". " + text
		}
		c.Add(topics.Message{ID: strconv.Itoa(n), Words: words.Split(nil, text)})
	}
	found := c.Topics()
	if len(found) != 40 {
		t.Errorf("%d topics, want 40", len(found))
	}
	for _, topic := range found {
		if topic.Text == "turbines" {
			if len(topic.Messages) != 3000 || topic.Messages[0] != "0" || topic.Messages[2999] != "29990" {
				t.Errorf("turbines are in %d messages, want the 3000 from 0 to 29990", len(topic.Messages))
			}
			return
		}
	}
	t.Error("the turbines are no topic")
}

// TestAddIsLinear gives it what a quadratic scan would not survive.
func TestAddIsLinear(t *testing.T) {
	t.Parallel()

	dictionary()
	vocabulary := make([]string, 500)
	for n := range vocabulary {
		vocabulary[n] = strings.Repeat("York ", n%8+1) + strconv.Itoa(n)
	}
	for _, text := range []string{
		strings.Repeat("a", 64<<10), strings.Repeat("York ", 13<<10), strings.Repeat("😀", 10_000),
		strings.Repeat("a\u0301", 20_000), strings.Repeat("שלום ", 8<<10), strings.Repeat("ab-", 20<<10), strings.Repeat("'s", 32<<10),
	} {
		began := time.Now()
		c := topics.Collect(dictionary(), topics.Options{Vocabulary: vocabulary})
		c.Add(topics.Message{Words: words.Split(nil, text)})
		c.Topics()
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%d bytes of %.8q took %v", len(text), text, took)
		}
	}
}

func FuzzTopics(f *testing.F) {
	f.Add("The hiring plan for New York", "we hire C++ people-persons\xff İ 'S", "C++")
	f.Fuzz(func(t *testing.T, one, two, custom string) {
		c := collect(topics.Options{Vocabulary: []string{custom}, Members: []string{two}}, one, "A: "+two, one+two)
		for _, topic := range c.Topics() {
			if !(topic.Score > 0 && topic.Score <= 1) || len(topic.Messages) == 0 || topic.Text == "" || topic.Key == "" {
				t.Fatalf("%q, %q, %q: %+v", one, two, custom, topic)
			}
			if utf8.ValidString(one) && utf8.ValidString(two) && utf8.ValidString(custom) && !utf8.ValidString(topic.Text) {
				t.Fatalf("%q, %q: %q cuts a character", one, two, topic.Text)
			}
		}
	})
}
