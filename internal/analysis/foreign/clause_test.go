package foreign_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/foreign"
	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestStarts(t *testing.T) {
	t.Parallel()

	f := foreign.New()
	for _, tt := range []struct{ language, want string }{
		{"de", "ich habe den vertrag gelesen|er ist zu lang|können sie ihn kürzen"},
		{"de", "am zwölften april|ich komme mit dem zug"},
		{"de", "die rechnung ist bezahlt|bitte schicken sie mir den beleg"},
		{"de", "das weiß ich nicht|wann kommt denn der monteur"},
		{"de", "die heizung ist kalt|ja das stimmt|der hausmeister kommt morgen"},
		{"de", "wir sind fast fertig|tom kannst du den rest machen"},
		{"de", "ich weiß nicht wann er kommt und ob wir dann noch da sind"},
		{"de", "morgen kann ich den bericht schicken"},
		{"de", "wenn ich fertig bin rufe ich dich an"},
		{"de", "ich glaube dass wir das bis freitag schaffen"},
		{"es", "el pedido no ha llegado|tengo que llamar al almacén|cuándo lo enviaron"},
		{"es", "muchas gracias|le mando la factura esta tarde"},
		{"es", "creo que vamos a tener que esperar hasta el lunes"},
		{"es", "no sé cuándo llega el tren"},
		{"es", "necesito el informe que le pidió la jefa"},
		{"es", "la reunión es a las diez|eva puedes reservar la sala"},
		{"fr", "je n'ai pas reçu le colis|il faut appeler le transporteur|pouvez-vous le faire"},
		{"fr", "le devis est trop cher|qui peut en demander un autre"},
		{"fr", "madame roux pourriez vous relire le contrat"},
		{"fr", "je pense que nous devons attendre la réponse du client"},
		{"fr", "je ne sais pas quand il arrive"},
		{"pt", "a encomenda não chegou|preciso falar com o gerente|quando posso ligar"},
		{"pt", "obrigado|vou mandar o contrato amanhã"},
		{"pt", "acho que vamos ter que esperar até segunda"},
		{"pt", "não sei quando chega o técnico"},
		{"it", "non ho ricevuto il pacco quando arriva"},
	} {
		text := strings.ReplaceAll(tt.want, "|", " ")
		said := words.Split(nil, text)
		starts := f.Starts(nil, tt.language, said, func(w words.Word) bool { return slices.Contains([]string{"tom", "eva", "roux"}, w.Lower) })
		var got strings.Builder
		from := 0
		for _, n := range starts {
			got.WriteString(strings.TrimSpace(text[from:said[n].Start]) + "|")
			from = said[n].Start
		}
		got.WriteString(text[from:])
		if got.String() != tt.want {
			t.Errorf("%s: divided into %q, want %q", tt.language, got.String(), tt.want)
		}
	}
}

// TestQuestionsWithoutMarks has questions that nothing but their words tell.
func TestQuestionsWithoutMarks(t *testing.T) {
	t.Parallel()

	f := foreign.New()
	for _, tt := range []struct {
		language, text string
		want           bool
	}{
		{"de", "brauchen sie noch etwas", true},
		{"de", "guten tag herr lang wie geht es ihnen", true},
		{"de", "wann genau", true},
		{"de", "morgen können wir reden", false},
		{"de", "können wir machen.", false},
		{"es", "buenos días señora paz cómo va la obra", true},
		{"es", "raúl puedes traer la llave", true},
		{"es", "no puedo traer la llave", false},
		{"fr", "bonjour monsieur blanc quand pouvez-vous venir", true},
		{"fr", "nadia où en est le devis", true},
		{"fr", "je viens quand je peux", false},
		{"pt", "boa tarde em que posso ajudar", true},
		{"pt", "não posso ajudar", false},
		{"pt", "pode deixar", false},
	} {
		found := f.Find(nil, tt.language, words.Split(nil, tt.text))
		if got := len(found) > 0 && found[0].Kind == speech.Question; got != tt.want {
			t.Errorf("%s: %q is a question: %t, want %t", tt.language, tt.text, got, tt.want)
		}
	}
}

// FuzzStarts shows that sentences begin with words of the text, one after the other.
func FuzzStarts(f *testing.F) {
	finder := foreign.New()
	for _, text := range []string{"", "ja", "ich bin da kannst du kommen", "est-ce - que je", "señor señor señor cómo", strings.Repeat("wir sind ", 200), "\xff\x00 é"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		said := words.Split(nil, text)
		for _, language := range []string{"de", "es", "fr", "pt", "en", ""} {
			last := 0
			for _, n := range finder.Starts(nil, language, said, func(w words.Word) bool { return len(w.Lower)%2 == 0 }) {
				if n <= last || n >= len(said) {
					t.Fatalf("%s: Starts(%q) has %d behind %d of %d words", language, text, n, last, len(said))
				}
				last = n
			}
		}
	})
}
