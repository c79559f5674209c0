package importer

import (
	"regexp"
	"strings"
)

// A whatsAppText is what a body says.
type whatsAppText struct {
	text        string
	attachments []string
	nothing     string // why there is nothing to import
}

// whatsAppBody reads the lines of a body. Their first one, and those with a
// mark, may name something that was sent along.
func whatsAppBody(body []string, marked bool) whatsAppText {
	var b whatsAppText
	first := strings.TrimPrefix(body[0], mark)
	if isPoll(first) {
		if b.text = pollQuestion(body); b.text == "" {
			b.nothing = "it is empty"
		}
		return b
	}
	if len(body) == 1 {
		if b.nothing = nothingSaid(first); b.nothing != "" {
			return b
		}
	}
	var text []string
	for i, line := range body {
		line, tail := cutEdited(line), ""
		if at := strings.Index(line, mark+"<"); at > 0 { // a caption, and what it is of
			line, tail = line[:at], line[at:]
		}
		if name := attachmentOf(tail, true); name != "" {
			b.attachments = append(b.attachments, name)
		} else {
			line += tail
		}
		if i == 0 || strings.Contains(line, mark) {
			if name := attachmentOf(line, marked || strings.Contains(line, mark)); name != "" {
				b.attachments = append(b.attachments, name)
				continue
			}
		}
		text = append(text, cleanText(line))
	}
	b.text = strings.TrimSpace(strings.Join(text, "\n"))
	if b.text == "" && len(b.attachments) == 0 {
		b.nothing = "it is empty"
	}
	return b
}

var isolated = regexp.MustCompile("@\u2068([^\u2069]*)\u2069")

// cleanText takes away the marks that stand around what people wrote.
func cleanText(line string) string {
	line = isolated.ReplaceAllString(line, "@$1")
	return strings.TrimRight(strings.Trim(line, mark+"\u200f"), " ")
}

var editedNote = regexp.MustCompile(`(?: ?` + mark + `<[^<>]{4,80}>| <This message was edited\.?>)$`)

// cutEdited takes away the note that a message was edited. It stands behind a
// mark, in any language; a file that was sent along does, too.
func cutEdited(line string) string {
	at := editedNote.FindStringIndex(line)
	if at == nil || at[0] == 0 || attachedInside.MatchString(strings.Trim(line[at[0]:], " "+mark)) {
		return line
	}
	return line[:at[0]]
}

var (
	attachedInside = regexp.MustCompile(`^<[^:<>]{3,30} ?: ?([^<>]+\.\w{2,5})>$`)
	attachedBehind = regexp.MustCompile(`^(.{1,200}\.\w{2,5}) \(([^()]{3,40})\)$`)
	ownName        = regexp.MustCompile(`^(IMG|VID|PTT|AUD|STK|DOC|GIF)-\d`)
	leftOut        = regexp.MustCompile(`(?i)^[\p{L}\- ]{2,30} (omitted|absente?|omitid[oa]|omess[oa]|weggelassen|ausgelassen|weggelaten|não revelad[oa]|ocult[oa]|pominięt[oya]+|utelämnad|utelatt|udeladt|отсутствует|опущен[оа]?|vynechán[oa]?|dahil edilmedi)\.?$`)
	leftOutPlain   = regexp.MustCompile(`^(image|audio|video|GIF|sticker|document|Contact card|video note) omitted$`)
)

// placeholders stand for media on Android, in the languages that were met and
// some more.
var placeholders = map[string]bool{ //nolint:gochecknoglobals // a table of words, which nothing changes
	"<media omitted>": true, "<medien ausgeschlossen>": true, "<без медиафайлов>": true, "<média vynechány>": true,
	"<media weggelaten>": true, "<multimedia omitido>": true, "<archivo omitido>": true, "<médias omis>": true, "<fichier omis>": true,
	"<mídia oculta>": true, "<arquivo de mídia oculto>": true, "<ficheiro não revelado>": true, "<media omessi>": true,
	"<file multimediale omesso>": true, "<pominięto multimedia>": true, "<multimedia pominięto>": true, "<medya dahil edilmedi>": true,
	"<media utelämnad>": true, "<media utelatt>": true, "<media udeladt>": true, "<média kihagyva>": true, "<hiányzó médiafájl>": true,
	"<media ei sisälly>": true, "<omis media>": true, "<fișier media omis>": true, "<media tidak disertakan>": true, "<медіа пропущено>": true,
	"<メディアなし>": true, "<メディアは含まれていません>": true, "<미디어 파일을 제외한 상태>": true, "<省略多媒体文件>": true, "<媒體已略去>": true,
	"<تم استبعاد الوسائط>": true, "<המדיה לא נכללה>": true, "<मीडिया शामिल नहीं है>": true,
}

// attachmentWords are those in the brackets behind the name of a file.
var attachmentWords = regexp.MustCompile(`(?i)^(file attached|datei angehängt|bestand bijgevoegd|archivo adjunto|fichier joint|arquivo anexado|ficheiro anexado|file allegato|файл добавлен|файл прикріплено|plik załączony|dosya ekli|bifogad fil|fil vedlagt|vedhæftet fil|soubor byl přiložen|priložený súbor|csatolt fájl)$`)

// attachmentOf returns what a line says that was sent along, or nothing.
func attachmentOf(line string, marked bool) string {
	line = strings.TrimSpace(strings.Trim(strings.TrimSpace(line), mark+"\u200f"))
	if placeholders[strings.ToLower(line)] {
		return "media"
	}
	if m := attachedInside.FindStringSubmatch(line); m != nil {
		return m[1]
	}
	if m := attachedBehind.FindStringSubmatch(line); m != nil && (attachmentWords.MatchString(m[2]) || ownName.MatchString(m[1])) {
		return m[1]
	}
	if named, what, ok := strings.Cut(line, " • "); ok {
		if _, last, ok := lastCut(what, mark); ok && leftOut.MatchString(last) {
			return named
		}
	}
	if leftOutPlain.MatchString(line) || marked && leftOut.MatchString(line) {
		return strings.TrimSuffix(line, " omitted")
	}
	return ""
}

// lastCut cuts s around the last sep.
func lastCut(s, sep string) (before, after string, found bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}

var (
	deletedText  = regexp.MustCompile(`(?i)^(this message was deleted|you deleted this message|this message was deleted by admin .*|diese nachricht wurde gelöscht|du hast diese nachricht gelöscht|se eliminó este mensaje|eliminaste este mensaje|ce message a été supprimé|vous avez supprimé ce message|(esta )?mensagem apagada|esta mensagem foi apagada|você apagou esta mensagem|questo messaggio è stato eliminato|hai eliminato questo messaggio|dit bericht is verwijderd|u hebt dit bericht verwijderd|(данное|это) сообщение удалено|вы удалили (данное|это) сообщение)\.?$`)
	callText     = regexp.MustCompile(`(?i)^((missed|silenced) (group )?(voice|video) call|(voice|video) call, .*)\.?( .*)?$`)
	waitingText  = regexp.MustCompile(`(?i)^waiting for this message\.?( this may take a while\.?)?$`)
	locationText = regexp.MustCompile(`(?i)^(live location shared|(location|standort|ubicación|position|localização): https?://\S*)$`)
)

// nothingSaid returns why a body of one line says nothing.
func nothingSaid(line string) string {
	switch line = strings.TrimSpace(strings.Trim(line, mark)); {
	case line == "":
		return "it is empty"
	case line == "null":
		return "it could not be exported (null)"
	case deletedText.MatchString(line):
		return "the message was deleted"
	case callText.MatchString(line):
		return "a call"
	case waitingText.MatchString(line):
		return "the message had not arrived"
	case locationText.MatchString(line):
		return "a place on a map"
	default:
		return ""
	}
}

func isPoll(line string) bool {
	return strings.HasPrefix(strings.Trim(line, mark), "POLL:")
}

// pollQuestion returns the question of a poll, which stands behind its mark or
// below it.
func pollQuestion(body []string) string {
	for i, line := range body {
		line = strings.Trim(line, mark)
		if i == 0 {
			line = strings.TrimPrefix(line, "POLL:")
		}
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "OPTION:") {
			return line
		}
	}
	return ""
}
