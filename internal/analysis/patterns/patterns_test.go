package patterns_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/patterns"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// told returns patterns as the tables have them.
func told(text string, found []patterns.Pattern) string {
	var all []string
	for _, p := range found {
		all = append(all, string(p.Type)+" "+text[p.Start:p.End]+" = "+p.Value)
	}
	return strings.Join(all, "; ")
}

func TestFind(t *testing.T) {
	t.Parallel()

	f := newFinder(t)
	for _, tt := range []struct{ text, want string }{
		// E-mail addresses.
		{"Write to Ann.Lee+x@Example.co.uk.", "email Ann.Lee+x@Example.co.uk = ann.lee+x@example.co.uk"},
		{"<bob@x.org>,carol@y.org", "email bob@x.org = bob@x.org; email carol@y.org = carol@y.org"},
		{"j_9@[129.126.118.1]", "email j_9@[129.126.118.1] = j_9@[129.126.118.1]"},
		{"写信给test@test.com。", "email test@test.com = test@test.com"},
		{"a..b@x.org .c@x.org d@x e@x.c f@new_type.com g@1.2.3.4 @h", ""},
		// URLs.
		{"see https://Example.com/a(b)?c=d#e.", "url https://Example.com/a(b)?c=d#e = https://Example.com/a(b)?c=d#e"},
		{"www.example.com, example.io/x", "url www.example.com = www.example.com; url example.io/x = example.io/x"},
		{"http://localhost:8080/x", "url http://localhost:8080/x = http://localhost:8080/x"},
		{"https://7.am, at 7.am", "url https://7.am = https://7.am; number 7 = 7"},
		{"https://luis.ai?action=add", "url https://luis.ai?action=add = https://luis.ai?action=add"},
		{"I am done.It works, see README.md and main.py", ""},
		{"It is done.This is next", ""},
		{"docs.md/x", "url docs.md/x = docs.md/x"},
		{"http://# http://362 8.8.8.8", ""},
		// Phone numbers.
		{"call (541) 754-3010.", "phone (541) 754-3010 = +15417543010"},
		{"1-541-754-3010 or 541.754.3010", "phone 1-541-754-3010 = +15417543010; phone 541.754.3010 = +15417543010"},
		{"+49 176/12345678", "phone +49 176/12345678 = +4917612345678"},
		{"(+55) 15 3702-7523", "phone (+55) 15 3702-7523 = +551537027523"},
		{"call 5417543010", "phone 5417543010 = +15417543010"},
		// Numbers.
		{"1,234,567 and 1,23", "number 1,234,567 = 1234567"},
		{"-9.50, .5, 10k, 2.5 million, 3 dozen", "number -9.50 = -9.5; number .5 = 0.5; number 10k = 10000; number 2.5 million = 2500000; number 3 dozen = 36"},
		{"$5 or 20%", "money $5 = 5 USD; percent 20% = 20%"},
		{"two hundred and thirty-one", "number two hundred and thirty-one = 231"},
		{"two thousand and two hundred", "number two thousand and two hundred = 2200"},
		{"two hundred and two thousand", "number two hundred and two thousand = 202000"},
		{"half a million, half a dozen", "number half a million = 500000; number half a dozen = 6"},
		{"$3B", "money $3B = 3000000000 USD"},
		{"a hundred people, a dozen eggs", "number a hundred = 100; number a dozen = 12"},
		{"three point one four", "number three point one four = 3.14"},
		{"minus five degrees", "number minus five = -5"},
		{"two thirds of it", "number two thirds = 0.666666667"},
		{"two and three", "number two = 2; number three = 3"},
		{"nineteen ninety", "number nineteen = 19; number ninety = 90"},
		{"this one, one of a kind, twenty-first, 3rd, 29km, v2.1.3, A1, 3/4, 10:30", ""},
		{"", ""},
		{"मुझे ५ चाहिए 😀😀 שלום", ""},
	} {
		if diff := cmp.Diff(tt.want, told(tt.text, f.Find(nil, tt.text, words.Split(nil, tt.text)))); diff != "" {
			t.Errorf("Find(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

// TestFindNoPhone has digits that are as many as those of a phone number.
func TestFindNoPhone(t *testing.T) {
	t.Parallel()

	f := newFinder(t)
	for _, text := range []string{
		"2026-06-22 14:05", "$2025550123.00", "order #2025550123", "2025550123.5", "2014 2015 2016", "4111 1111 1111 1111",
		"202-606-221-4", "555-1234", "541-754-30100", "AB5417543010", "10.0.0.1 10.0.0.2", "1,234,567,890",
	} {
		for _, p := range f.Find(nil, text, words.Split(nil, text)) {
			if p.Type == patterns.Phone {
				t.Errorf("Find(%q) takes %q for a phone number", text, text[p.Start:p.End])
			}
		}
	}
}

func TestNewKnowsTheRegion(t *testing.T) {
	t.Parallel()

	f, err := patterns.New("GB")
	if err != nil {
		t.Fatal(err)
	}
	const text = "ring 020 7946 0018 on 22/06/2026"
	if got, want := told(text, f.Find(nil, text, words.Split(nil, text))), "phone 020 7946 0018 = +442079460018"; got != want {
		t.Errorf("Find(%q) = %s, want %s", text, got, want)
	}
	if _, err := patterns.New("XX"); err == nil {
		t.Error("New took XX for a region")
	}
}

func TestFindAppends(t *testing.T) {
	t.Parallel()

	to := make([]patterns.Pattern, 1, 8)
	to[0].Start = 99
	if got := newFinder(t).Find(to, "5", words.Split(nil, "5")); len(got) != 2 || &got[0] != &to[0] || got[0].Start != 99 {
		t.Errorf("Find did not append to what it was given: %+v", got)
	}
}

// TestFindIsLinear gives it what a quadratic scan would not survive.
func TestFindIsLinear(t *testing.T) {
	t.Parallel()

	f := newFinder(t)
	for _, unit := range []string{
		"a", "1", "1 ", "1-", "a@", "a.", "a.co,", "a@b.co ", "1.", "(", "+1", "one ", "and ", "one-", "://", "http://a", "hundred ", "😀", "a\u0301", "שלום ", "5417543010 a@b.co ",
	} {
		text := strings.Repeat(unit, 64<<10/len(unit))
		all := words.Split(nil, text)
		began := time.Now()
		f.Find(nil, text, all)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%d bytes of %q took %v", len(text), unit, took)
		}
	}
}

func FuzzFind(f *testing.F) {
	finder := newFinder(f)
	f.Add("Ann.Lee@x.org, https://x.org/a?b=c (541) 754-3010 -1,234.5k two hundred and five point one\xff İ")
	f.Add("j@[1.2.3.4] 7.am a dozen thirds minus one hundred-and - five +49 176/12345678 +1+1")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, p := range finder.Find(nil, text, words.Split(nil, text)) {
			if p.Start < end || p.End <= p.Start || p.End > len(text) {
				t.Fatalf("Find(%q): a pattern from %d to %d after %d", text, p.Start, p.End, end)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[p.Start:p.End]) {
				t.Fatalf("Find(%q) cut a character", text)
			}
			if p.Score <= 0 || p.Score > 1 || p.Value == "" {
				t.Fatalf("Find(%q): %+v", text, p)
			}
			end = p.End
		}
	})
}

func BenchmarkFind(b *testing.B) {
	finder := newFinder(b)
	const plain = "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp in New York? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance for your help, I really appreciate it!"
	for name, text := range map[string]string{
		"plain":      plain,
		"candidates": plain[:220] + " Write to ann@example.com, see www.example.com/a, or call (541) 754-3010.",
	} {
		b.Run(name, func(b *testing.B) {
			all := words.Split(nil, text)
			b.ReportAllocs()
			var found []patterns.Pattern
			for b.Loop() {
				found = finder.Find(found[:0], text, all)
			}
		})
	}
}
