package foreign_test

import (
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/foreign"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestLanguage(t *testing.T) {
	t.Parallel()

	f := foreign.New()
	for text, want := range map[string]string{
		"I will send it to you tomorrow":       "en",
		"Ich schicke es dir morgen":            "de",
		"Te lo envío mañana por la tarde":      "es",
		"Je vous l'envoie demain matin":        "fr",
		"Você pode me ligar amanhã?":           "pt",
		"Ok":                                   "en",
		"明天见":                                  "",
		"":                                     "",
		"The meeting with Herr Weiß is on May": "en",
	} {
		var c foreign.Count
		f.Add(&c, words.Split(nil, text))
		if got, _ := c.Language(); got != want {
			t.Errorf("%q is of %q, want %q", text, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()

	f := foreign.New()
	for _, tt := range []struct{ language, text, want string }{
		{"de", "Ich werde das mit meinem Chef besprechen.", "follow_up"},
		{"de", "Meine Kollegin Anna wird Sie morgen anrufen.", "follow_up Meine Kollegin Anna"},
		{"de", "Können Sie mir den Vertrag schicken?", "question action_item"},
		{"de", "Bringen Sie bitte die Reifen mit.", "action_item"},
		{"de", "Ich habe gestern schon geputzt.", ""},
		{"de", "wann läuft ihr vertrag aus", "question"},
		{"es", "Voy a llamar al fotógrafo.", "follow_up"},
		{"es", "Las ventas han bajado un poco.", ""},
		{"fr", "Pouvez-vous trouver un hôtel ?", "question action_item"},
		{"fr", "L'année dernière il pleuvait.", ""},
		{"pt", "Vou verificar isso.", "follow_up"},
		{"pt", "O cliente gostou muito.", ""},
		{"xx", "Qual?", "question"},
	} {
		var got []string
		for _, found := range f.Find(nil, tt.language, words.Split(nil, tt.text)) {
			got = append(got, string(found.Kind))
			if found.Name.End > 0 {
				got = append(got, tt.text[found.Name.Start:found.Name.End])
			}
		}
		if said := strings.Join(got, " "); said != tt.want {
			t.Errorf("%s, %q: %q, want %q", tt.language, tt.text, said, tt.want)
		}
	}
}

// TestFindIsLinear gives it what a quadratic search would not survive.
func TestFindIsLinear(t *testing.T) {
	t.Parallel()

	f := foreign.New()
	for _, unit := range []string{"ich werde ", "puede ", "je vais ", "-", "wir müssen ich schicke ", "anzurückmit", "😀"} {
		all := words.Split(nil, strings.Repeat(unit, 64<<10/len(unit)))
		for _, language := range []string{"de", "es", "fr", "pt"} {
			began := time.Now()
			f.Find(nil, language, all)
			f.InEnglish(nil, language, all)
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("%s: %q took %v", language, unit, took)
			}
		}
	}
}
