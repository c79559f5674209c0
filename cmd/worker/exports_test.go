package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/importer"
)

// An export is a file in one format with a long conversation of two people, and what
// comes of it.
type export struct {
	file string
	name string    // of the conversation
	who  [2]string // by turns
	// Of the file: what is before all messages, one of them, what is between two, and
	// what is behind all.
	begin   string
	message func(i int, who, text string) string
	between string
	end     string
}

// exports are files in all formats but mail, by format.
func exports() map[importer.Format]export {
	people, speakers := [2]string{"Ana", "Ben"}, [2]string{"Speaker 0", "Speaker 1"}
	at := func(i int) time.Time { return time.Date(2024, 1, 13, 10, 0, i, 0, time.UTC) }
	clock := func(i int) string { return fmt.Sprintf("%02d:%02d:%02d", i/3600, i/60%60, i%60) }
	return map[importer.Format]export{
		importer.WhatsApp: {file: "WhatsApp Chat with whatsapp.txt", name: "whatsapp", who: people, message: func(i int, who, text string) string {
			return fmt.Sprintf("%s - %s: %s\n", at(i).Format("02/01/2006, 15:04"), who, text)
		}},
		importer.Slack: {file: "slack.json", name: "slack", who: people, begin: "[", between: ",\n", end: "]", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"type":"message","user":%q,"ts":"%d.000100","text":%q,"user_profile":{"display_name":%[1]q}}`, who, at(i).Unix(), text)
		}},
		importer.Discord: {file: "d.json", name: "discord", who: people, begin: `{"guild":{"name":"Direct Messages"},"channel":{"id":"7","name":"discord"},"messages":[`, between: ",\n", end: "]}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"id":"%d","type":"Default","timestamp":%q,"content":%q,"author":{"id":%q,"name":%[4]q}}`, i, at(i).Format(time.RFC3339), text, who)
		}},
		importer.Telegram: {file: "t.json", name: "telegram", who: people, begin: `{"name":"telegram","type":"personal_chat","id":7,"messages":[`, between: ",\n", end: "]}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"id":%d,"type":"message","date_unixtime":"%d","from":%q,"from_id":"user%[3]s","text":%q}`, i, at(i).Unix(), who, text)
		}},
		importer.Messenger: {file: "m.json", name: "messenger", who: people, begin: `{"participants":[{"name":"Ana"}],"title":"messenger","messages":[`, between: ",\n", end: "]}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"sender_name":%q,"timestamp_ms":%d,"content":%q}`, who, at(i).UnixMilli(), text)
		}},
		importer.WebVTT: {file: "vtt.vtt", name: "vtt", who: people, begin: "WEBVTT\n\n", message: func(i int, who, text string) string {
			return fmt.Sprintf("%s.000 --> %s.000\n<v %s>%s</v>\n\n", clock(i), clock(i+1), who, text)
		}},
		importer.SubRip: {file: "srt.srt", name: "srt", who: people, message: func(i int, who, text string) string {
			return fmt.Sprintf("%d\n%s,000 --> %s,000\n%s: %s\n\n", i+1, clock(i), clock(i+1), who, text)
		}},
		importer.Table: {file: "csv.csv", name: "csv", who: people, begin: "sender,time,text\n", message: func(i int, who, text string) string {
			return fmt.Sprintf("%s,%s,%s\n", who, at(i).Format(time.RFC3339), text)
		}},
		importer.Objects: {file: "json.jsonl", name: "json", who: people, message: func(_ int, who, text string) string {
			return fmt.Sprintf("{\"role\":%q,\"content\":%q}\n", who, text)
		}},
		importer.IRC: {file: "irc.log", name: "irc", who: people, message: func(i int, who, text string) string {
			return fmt.Sprintf("[%s] <%s> %s\n", at(i).Format("2006-01-02T15:04:05"), who, text)
		}},
		importer.Plain: {file: "text.txt", name: "text", who: people, message: func(_ int, who, text string) string {
			return fmt.Sprintf("%s: %s\n", who, text)
		}},
		importer.Whisper: {file: "whisper.json", name: "whisper", who: speakers, begin: `{"segments":[`, between: ",\n", end: "]}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"id":%d,"start":%[1]d,"end":%[1]d.9,"text":%q,"speaker":%q}`, i, text, who)
		}},
		importer.Deepgram: {file: "deepgram.json", name: "deepgram", who: speakers, begin: `{"results":{"utterances":[`, between: ",\n", end: "]}}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"start":%d,"end":%[1]d.9,"speaker":%s,"transcript":%q}`, i, strings.TrimPrefix(who, "Speaker "), text)
		}},
		importer.AssemblyAI: {file: "assemblyai.json", name: "assemblyai", who: speakers, begin: `{"status":"completed","utterances":[`, between: ",\n", end: "]}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"start":%d,"end":%d,"speaker":%q,"text":%q}`, i*1000, i*1000+900, strings.TrimPrefix(who, "Speaker "), text)
		}},
		importer.AWS: {file: "a.json", name: "aws", who: [2]string{"spk_0", "spk_1"}, begin: `{"jobName":"aws","results":{"items":[`, between: ",\n", end: "]}}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"type":"pronunciation","start_time":"%d.0","end_time":"%[1]d.9","speaker_label":%q,"alternatives":[{"content":%q}]}`, i, who, text)
		}},
		importer.Google: {file: "google.json", name: "google", who: speakers, begin: `{"results":[{"alternatives":[{"words":[`, between: ",\n", end: "]}]}]}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"startTime":"%ds","endTime":"%[1]d.9s","speakerTag":%s,"word":%q}`, i, strings.TrimPrefix(who, "Speaker "), text)
		}},
		importer.Azure: {file: "azure.json", name: "azure", who: speakers, begin: `{"recognizedPhrases":[`, between: ",\n", end: "]}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"offsetInTicks":%d,"durationInTicks":9000000,"speaker":%s,"nBest":[{"display":%q}]}`, i*10_000_000, strings.TrimPrefix(who, "Speaker "), text)
		}},
		importer.Rev: {file: "rev.json", name: "rev", who: speakers, begin: `{"monologues":[`, between: ",\n", end: "]}", message: func(i int, who, text string) string {
			return fmt.Sprintf(`{"speaker":%s,"elements":[{"type":"text","value":%q,"ts":%d,"end_ts":%[3]d.9}]}`, strings.TrimPrefix(who, "Speaker "), text, i)
		}},
		importer.Otter: {file: "otter.txt", name: "otter", who: people, message: func(i int, who, text string) string {
			return fmt.Sprintf("%s  %d:%02d  \n%s\n\n", who, i/60, i%60, text)
		}},
	}
}

// written returns the file with so many messages, and what is said in it.
func (e export) written(n int) (content string, said []string) {
	var b strings.Builder
	b.WriteString(e.begin)
	for i := range n {
		if i > 0 {
			b.WriteString(e.between)
		}
		who, text := e.who[i%2], fmt.Sprintf("Message number %d.", i)
		b.WriteString(e.message(i, who, text))
		said = append(said, who+": "+text)
	}
	b.WriteString(e.end)
	return b.String(), said
}
