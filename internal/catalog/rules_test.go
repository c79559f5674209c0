package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/turnwise/turnwise/internal/catalog"
)

func TestVocabulary(t *testing.T) {
	t.Parallel()

	const allowed = ": letters, digits, blanks, periods, apostrophes and hyphens are allowed"
	tests := []struct {
		name  string
		terms []string
		want  string // the error
	}{
		{name: "of the documents", terms: []string{"special promotion", "What is the price", "can't wait", "e-mail", "No. 1", "24"}},
		{name: "typographic", terms: []string{"don’t", "well‑known", "x\u00a0y"}},
		{name: "French, Catalan", terms: []string{"déjà-vu", "col·lecció"}},
		{name: "Cyrillic, Greek", terms: []string{"скидка", "Ελλάδα"}},
		{name: "Chinese, Japanese, Korean", terms: []string{"价格", "クレジット・カード", "ラーメン", "가격"}},
		{name: "Hindi, Thai, Tibetan", terms: []string{"छूट", "क्\u200dष", "ราคา", "བོད་ཡིག"}},
		{name: "Arabic, Persian, Hebrew", terms: []string{"خَصْم", "می\u200cخواهم", "צה״ל", "בית־ספר"}},
		{name: "letters with marks apart", terms: []string{"cafe\u0301"}},
		{name: "none", want: "vocabulary must contain at least 1 items"},
		{name: "empty", terms: []string{"a", " "}, want: "vocabulary[1] is not allowed to be empty"},
		{name: "question mark", terms: []string{"how much?"}, want: `vocabulary[0] must not contain '?'` + allowed},
		{name: "ampersand", terms: []string{"a", "R&D"}, want: `vocabulary[1] must not contain '&'` + allowed},
		{name: "full stop of Chinese", terms: []string{"价格。"}, want: `vocabulary[0] must not contain '。'` + allowed},
		{name: "emoji", terms: []string{"ok 👍"}, want: `vocabulary[0] must not contain '👍'` + allowed},
		{name: "line break", terms: []string{"a\nb"}, want: "vocabulary[0] must not contain line breaks or other control characters"},
		{name: "invisible", terms: []string{"a\u200bb"}, want: `vocabulary[0] must not contain '\u200b'` + allowed},
		{name: "marks alone", terms: []string{"..."}, want: "vocabulary[0] must contain a letter or a digit"},
		{name: "256 characters", terms: []string{strings.Repeat("é", 256)}},
		{name: "257 characters", terms: []string{strings.Repeat("é", 257)}, want: "vocabulary[0] length must be less than or equal to 256 characters long"},
		{name: "twice", terms: []string{"a", "b", "a"}, want: "vocabulary[2] is the same term as vocabulary[0]"},
		{name: "twice by how the accent is written", terms: []string{"café", "CAFE\u0301"}, want: "vocabulary[1] is the same term as vocabulary[0]"},
		{name: "twice by case", terms: []string{"b", "Straße", "STRAßE"}, want: "vocabulary[2] is the same term as vocabulary[1]"},
		{name: "twice by case, other forms of a letter", terms: []string{"ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"}, want: "vocabulary[1] is the same term as vocabulary[0]"},
		{name: "twice but for blanks around", terms: []string{" a", "A\t"}, want: "vocabulary[1] is the same term as vocabulary[0]"},
		{name: "1001", terms: strings.Split(strings.Repeat("a,", 1000)+"a", ","), want: "vocabulary must contain less than or equal to 1000 items"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			c, _ := newCatalog(t)
			_, err := c.Trackers.Create(t.Context(), account, catalog.Tracker{Name: "x", Vocabulary: tt.terms})
			wantError(t, err, tt.want)
			_, err = c.Trackers.Create(t.Context(), account, catalog.Tracker{Name: "y", Vocabulary: []string{"z"}, ExcludeVocabulary: tt.terms})
			if tt.terms != nil { // there need not be any
				wantError(t, err, strings.ReplaceAll(tt.want, "vocabulary", "excludeVocabulary"))
			}
		})
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}

func TestRulesOfItems(t *testing.T) {
	t.Parallel()

	long := func(n int) string { return strings.Repeat("é", n) }
	tracker := func(t catalog.Tracker) any { t.Vocabulary = []string{"a"}; return t }
	entity := func(e catalog.Entity) any { e.Values = append(e.Values, "a"); return e }
	tests := []struct {
		name string
		item any
		want string
	}{
		{"tracker of 256 characters", tracker(catalog.Tracker{Name: long(256), Description: long(512)}), ""},
		{"tracker of any characters", tracker(catalog.Tracker{Name: "A & B? 🙂"}), ""},
		{"tracker without a name", tracker(catalog.Tracker{Name: " "}), "name is not allowed to be empty"},
		{"tracker of 257 characters", tracker(catalog.Tracker{Name: long(257)}), "name length must be less than or equal to 256 characters long"},
		{"tracker of two lines", tracker(catalog.Tracker{Name: "a\nb"}), "name must not contain line breaks or other control characters"},
		{"tracker with a long description", tracker(catalog.Tracker{Name: "a", Description: long(513)}), "description length must be less than or equal to 512 characters long"},
		{"tracker with an empty category", tracker(catalog.Tracker{Name: "a", Categories: []string{""}}), "categories[0] is not allowed to be empty"},
		{"tracker with a long language", tracker(catalog.Tracker{Name: "a", Languages: []string{"en", long(36)}}), "languages[1] length must be less than or equal to 35 characters long"},

		{"group of 128 characters", catalog.Group{Name: long(128), Description: long(512), Criteria: "conversation.name==x"}, ""},
		{"group of 129 characters", catalog.Group{Name: long(129), Criteria: "conversation.name==x"}, "name length must be less than or equal to 128 characters long"},
		{"group with a long description", catalog.Group{Name: "a", Description: long(513), Criteria: "conversation.name==x"}, "description length must be less than or equal to 512 characters long"},
		{"group without criteria", catalog.Group{Name: "a", Criteria: " "}, "criteria is not allowed to be empty"},

		{"entity of 256 characters", entity(catalog.Entity{Type: long(256), SubType: long(256), Values: []string{long(256)}}), ""},
		{"entity with values of any characters", entity(catalog.Entity{Type: "a", Values: []string{"C++", "R&D?"}}), ""},
		{"entity without a type", entity(catalog.Entity{SubType: "a"}), "type is not allowed to be empty"},
		{"entity with a tab in its type", entity(catalog.Entity{Type: "a\tb"}), "type must not contain line breaks or other control characters"},
		{"entity with a long subtype", entity(catalog.Entity{Type: "a", SubType: long(257)}), "subType length must be less than or equal to 256 characters long"},
		{"entity with a value twice", entity(catalog.Entity{Type: "a", Values: []string{"A"}}), "values[1] is the same term as values[0]"},
		{"entity without values", catalog.Entity{Type: "a"}, "values must contain at least 1 items"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			c, _ := newCatalog(t)
			var err error
			switch item := tt.item.(type) {
			case catalog.Tracker:
				_, err = c.Trackers.Create(t.Context(), account, item)
			case catalog.Group:
				_, err = c.Groups.Create(t.Context(), account, item)
			case catalog.Entity:
				_, err = c.Entities.Create(t.Context(), account, item)
			}
			wantError(t, err, tt.want)
		})
	}
}

// TestCriteria makes sure that bad criteria are refused with the place of the
// mistake, and good ones kept to the byte.
func TestCriteria(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	const criteria = " conversation.metadata.agentId==johndoe and\tconversation.metadata.customerId=='88338833' "
	g := create(t, c.Groups, catalog.Group{Name: "a", Criteria: criteria})
	if g.Criteria != criteria {
		t.Errorf("criteria are kept as %q", g.Criteria)
	}
	if f, err := g.Filter(); len(f) != 2 || err != nil {
		t.Errorf("filter = %+v, %v, want two conditions", f, err)
	}
	_, err := c.Groups.Create(t.Context(), account, catalog.Group{Name: "b", Criteria: "conversation.name==a,conversation.name==b"})
	if err == nil || !strings.HasPrefix(err.Error(), "criteria is wrong at character 21: ") {
		t.Errorf("OR in criteria: error %v, want the place of the comma", err)
	}
}

// TestSavedForm says what becomes of an item that is saved.
func TestSavedForm(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	tracker := create(t, c.Trackers, catalog.Tracker{
		Name: " Promotion ", Description: "\ta\nb ", Categories: []string{" x "}, Vocabulary: []string{" a  b "},
	})
	want := catalog.Tracker{
		ItemMeta: tracker.ItemMeta, Name: "Promotion", Description: "a\nb", Categories: []string{"x"},
		Languages: []string{"en-US"}, Vocabulary: []string{"a  b"}, ExcludeVocabulary: []string{},
	}
	if diff := cmp.Diff(want, tracker); diff != "" {
		t.Errorf("tracker (-want +got):\n%s", diff)
	}
	got, err := c.Trackers.Get(t.Context(), account, tracker.ID)
	if diff := cmp.Diff(tracker, got); diff != "" || err != nil {
		t.Errorf("%v; read (-created +read):\n%s", err, diff)
	}
	entity := create(t, c.Entities, catalog.Entity{Type: " a ", Values: []string{" b "}})
	if diff := cmp.Diff(catalog.Entity{Type: "a", Values: []string{"b"}}, entity, cmpopts.IgnoreFields(entity, "ItemMeta")); diff != "" {
		t.Errorf("entity (-want +got):\n%s", diff)
	}
}
