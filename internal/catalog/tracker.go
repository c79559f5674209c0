package catalog

// A Tracker is a set of words and phrases to look for in messages.
type Tracker struct {
	ItemMeta `json:"-"`

	Name              string   `json:"name"` // unique in its account, by case too
	Description       string   `json:"description,omitempty"`
	Categories        []string `json:"categories"`
	Languages         []string `json:"languages"` // en-US if the caller gave none
	Vocabulary        []string `json:"vocabulary"`
	ExcludeVocabulary []string `json:"excludeVocabulary"`
}

func (Tracker) kind() Kind              { return TrackerKind }
func (t Tracker) values() int           { return len(t.Vocabulary) + len(t.ExcludeVocabulary) }
func (t Tracker) key() string           { return t.Name }
func (t Tracker) saved() ItemMeta       { return t.ItemMeta }
func (t Tracker) as(s ItemMeta) Tracker { t.ItemMeta = s; return t }

func (t Tracker) checked() (Tracker, error) {
	var c check
	t.Name = c.line("name", t.Name, maxTerm)
	t.Description = c.text("description", t.Description, maxText)
	t.Categories = c.lines("categories", t.Categories, maxTerm)
	t.Languages = c.lines("languages", t.Languages, maxLanguage)
	if len(t.Languages) == 0 {
		t.Languages = []string{"en-US"}
	}
	t.Vocabulary = c.vocabulary("vocabulary", t.Vocabulary)
	c.notEmpty("vocabulary", t.Vocabulary)
	t.ExcludeVocabulary = c.vocabulary("excludeVocabulary", t.ExcludeVocabulary)
	return t, c.err
}

func (t Tracker) patched(ops []Op) (Tracker, error) {
	err := patch(ops, []field{
		{"/name", text{&t.Name}},
		{"/description", text{&t.Description}},
		{"/categories", list{&t.Categories}},
		{"/languages", list{&t.Languages}},
		{"/vocabulary", list{&t.Vocabulary}},
		{"/excludeVocabulary", list{&t.ExcludeVocabulary}},
	})
	return t, err
}
