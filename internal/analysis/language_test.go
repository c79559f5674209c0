package analysis_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

// TestOtherLanguages has sentences in which the rules of English would be wrong.
func TestOtherLanguages(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	for text, want := range map[string]string{
		"Die Katze schläft auf dem Sofa.":                       "0.00",
		"Wir sehen uns am 3. Mai in der Stadt.":                 "0.00 date 3. Mai",
		"Wann kommt der Zug nach Köln?":                         "0.00 question",
		"Ayer estuvimos en el parque y llovió mucho.":           "0.00 date Ayer",
		"Obrigado, você é muito bom.":                           "0.00",
		"Mon ami est très content de la maison.":                "0.00",
		"La Sra. Ruiz no está aquí.":                            "0.00 person Sra. Ruiz",
		"Ich glaube, Frau Schmidt und Herr Weiß sind nicht da.": "0.00 person Frau Schmidt person Herr Weiß",
		"El señor no está aquí.":                                "0.00",
		"Nos vemos el 3 de mayo a las diez.":                    "0.00 datetime el 3 de mayo a las diez",
		"Ich schicke Ihnen das Angebot bis Freitag.":            "0.00 action_item daterange bis Freitag",
		"Le enviaré el presupuesto antes del viernes.":          "0.00 action_item daterange antes del viernes",
		"Je vous envoie le devis demain.":                       "0.00 action_item date demain",
		"Temos de rever a proposta até sexta-feira.":            "0.00 action_item daterange até sexta",
		"Guten Morgen, wie geht es dir?":                        "0.00 question",
		"Das ist nicht gut, aber wir haben noch keine Lösung.":  "0.00",
		"Das Wetter war schön und wir sind gern gelaufen.":      "0.00",
	} {
		o := analysis.Options{DetectEntities: true}
		r := analyzed(e, analysis.Input{
			JobID: "1", AcceptedAt: monday, Options: o,
			Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann Lee"}, Text: text}},
		})
		var got []string
		if len(r.Sentences) != 1 || *r.Sentences[0].Polarity != 0 {
			t.Errorf("%q is %+v, want one sentence of no polarity", text, r.Sentences)
			continue
		}
		got = append(got, "0.00")
		for _, in := range r.Insights {
			got = append(got, in.Type)
		}
		for _, x := range r.Sentences[0].Entities {
			got = append(got, x.Type+" "+x.Text)
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// TestLanguageOfEach has utterances of two languages in one job, and a language that
// only the caller tells.
func TestLanguageOfEach(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	want := []string{"Ann: schicke dir den Bericht", "Bob: send you the report"}
	got := said(e, "Ann: Ja, ich schicke dir den Bericht.", "Bob: I will send you the report.", "Ann: Das ist sehr gut, vielen Dank.")
	want[0] = "Ann: ich schicke dir den Bericht"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestClosedNames has abbreviations that are names, with the point that ends them.
func TestClosedNames(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	for text, want := range map[string]string{
		"Washington, D.C. is far from here.": "D.C.",
		"We flew to Boston. It was cold.":    "Boston",
	} {
		r := analyzed(e, analysis.Input{
			JobID: "1", AcceptedAt: monday, Options: analysis.Options{DetectEntities: true},
			Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann Lee"}, Text: text}},
		})
		last := ""
		for _, s := range r.Sentences {
			for _, x := range s.Entities {
				last = x.Text
			}
		}
		if last != want {
			t.Errorf("the last name of %q is %q, want %q", text, last, want)
		}
	}
}
