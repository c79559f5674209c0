package analysis

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// TestSplitRunOn has speech without marks.
func TestSplitRunOn(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"okay what about the website i think we should ask sarah":     "okay|what about the website|i think we should ask sarah",
		"i'll send you the report tomorrow can you check the numbers": "i'll send you the report tomorrow|can you check the numbers",
		"can you talk to sarah about the budget":                      "can you talk to sarah about the budget",
		"I will send you the report by Friday":                        "I will send you the report by Friday",
		"I think that you should send it to him when you have it":     "I think that you should send it to him when you have it",
		"see you tomorrow": "see you tomorrow",
		"let's start with the budget raj where do we stand":                             "let's start with the budget|raj where do we stand",
		"we'll cut it in half the nurse will take some blood":                           "we'll cut it in half|the nurse will take some blood",
		"it will attract rats if you have a small garden you can use a bin":             "it will attract rats|if you have a small garden you can use a bin",
		"ann could you tell raj that the bridge is closed":                              "ann could you tell raj that the bridge is closed",
		"i can see both of them do you still have the card":                             "i can see both of them|do you still have the card",
		"i propose that we approve the merger and that the board is informed":           "i propose that we approve the merger and that the board is informed",
		"thanks, i will look at it when i have the time and then i will come back":      "thanks, i will look at it when i have the time and then i will come back",
		"ich habe die rechnung schon bezahlt können sie das prüfen":                     "ich habe die rechnung schon bezahlt|können sie das prüfen",
		"necesito la factura de ayer cuándo me la puede mandar":                         "necesito la factura de ayer|cuándo me la puede mandar",
		"nous avons reçu le café pouvez-vous m'envoyer la facture":                      "nous avons reçu le café|pouvez-vous m'envoyer la facture",
		"o relatório está pronto quando posso enviar para você":                         "o relatório está pronto|quando posso enviar para você",
		"i don’t have it here i’ll send it when i’m back":                               "i don’t have it here|i’ll send it when i’m back",
		"the café is closed on monday can you ask zoë for the key":                      "the café is closed on monday|can you ask zoë for the key",
		"мы придём завтра а вы когда придёте к нам":                                     "мы придём завтра а вы когда придёте к нам",
		"ich schicke dir den bericht morgen früh und dann rufe ich dich noch einmal an": "ich schicke dir den bericht morgen früh und dann rufe ich dich noch einmal an",
	} {
		var got []string
		for _, s := range split(text, 100, divider{words.NewNames([]string{"Raj Patel", "Ann"}), "en"}) {
			got = append(got, text[s.start:s.end])
		}
		if joined := strings.Join(got, "|"); joined != want {
			t.Errorf("%q is split into %q, want %q", text, joined, want)
		}
	}
}
