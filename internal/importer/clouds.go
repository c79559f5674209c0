package importer

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// An awsItem is a word, or punctuation, which has no time.
type awsItem struct {
	Start        *number  `json:"start_time"`
	End          *number  `json:"end_time"`
	Type         string   `json:"type"`
	Speaker      identity `json:"speaker_label"`
	Alternatives []struct {
		Content string `json:"content"`
	} `json:"alternatives"`
}

type awsResults struct {
	Items         []awsItem `json:"items"`
	SpeakerLabels struct {
		Segments []struct {
			Speaker identity `json:"speaker_label"`
			Items   []struct {
				Start   *number  `json:"start_time"`
				Speaker identity `json:"speaker_label"`
			} `json:"items"`
		} `json:"segments"`
	} `json:"speaker_labels"`
	ChannelLabels struct {
		Channels []struct {
			Channel identity  `json:"channel_label"`
			Items   []awsItem `json:"items"`
		} `json:"channels"`
	} `json:"channel_labels"`
	Transcripts []struct {
		Transcript string `json:"transcript"`
	} `json:"transcripts"`
}

// readAWS reads a transcript of AWS Transcribe. Speakers stand apart from the
// words, and are joined to them by time.
func readAWS(s *Source, _ Options, out Sink) error {
	for _, f := range s.files {
		var doc struct {
			Status  string     `json:"status"`
			JobName string     `json:"jobName"`
			Results awsResults `json:"results"`
		}
		if err := f.decode(&doc, "a transcript of AWS Transcribe"); err != nil {
			return err
		}
		if doc.Status != "" && doc.Status != "COMPLETED" {
			return f.bad(0, "the transcript is not completed; its status is %q", doc.Status)
		}
		if err := out.Begin(Chat{Title: cmp.Or(doc.JobName, f.base), Recorded: true}); err != nil {
			return err
		}
		words := doc.Results.words()
		if len(words) == 0 && len(doc.Results.Transcripts) > 0 {
			if err := addSpoken(Message{Line: 1, Text: doc.Results.Transcripts[0].Transcript}, out); err != nil {
				return err
			}
		}
		if err := turns(words, out); err != nil {
			return err
		}
	}
	return nil
}

// words returns the words with their speakers: from the channels, in the order of
// time, or from the items.
func (r awsResults) words() []word {
	if len(r.ChannelLabels.Channels) > 1 {
		var all []word
		for _, c := range r.ChannelLabels.Channels {
			all = append(all, awsWords(c.Items, func(awsItem) identity { return c.Channel })...)
		}
		slices.SortStableFunc(all, func(a, b word) int { return cmp.Compare(a.from, b.from) })
		return all
	}
	by := map[time.Duration]identity{}
	for _, seg := range r.SpeakerLabels.Segments {
		for _, item := range seg.Items {
			if item.Start != nil {
				by[item.Start.seconds()] = cmp.Or(item.Speaker, seg.Speaker)
			}
		}
	}
	return awsWords(r.Items, func(i awsItem) identity {
		if i.Speaker != "" || i.Start == nil {
			return i.Speaker
		}
		return by[i.Start.seconds()]
	})
}

func awsWords(items []awsItem, who func(awsItem) identity) []word {
	var words []word
	for _, i := range items {
		if len(i.Alternatives) == 0 || i.Alternatives[0].Content == "" {
			continue
		}
		w := word{text: i.Alternatives[0].Content, speaker: string(who(i)), glued: i.Type == "punctuation"}
		if i.Start != nil {
			w.from = i.Start.seconds()
		}
		if i.End != nil {
			w.to = i.End.seconds()
		}
		if w.glued && len(words) > 0 {
			last := &words[len(words)-1]
			last.text += w.text // so that it stays there when channels are joined
			continue
		}
		words = append(words, w)
	}
	return words
}

// readGoogle reads an answer of Google's recogniser. With speakers the last
// result says all of it again.
func readGoogle(s *Source, _ Options, out Sink) error {
	for _, f := range s.files {
		var doc struct {
			Response *googleResults `json:"response"`
			googleResults
		}
		if err := f.decode(&doc, "a transcript of Google Speech-to-Text"); err != nil {
			return err
		}
		results := doc.Results
		if doc.Response != nil {
			results = doc.Response.Results
		}
		if err := out.Begin(Chat{Title: f.base, Recorded: true}); err != nil {
			return err
		}
		if last := len(results) - 1; last >= 0 && results[last].tagged() {
			results = results[last:]
		}
		for i, r := range results {
			if len(r.Alternatives) == 0 {
				continue
			}
			words := r.words()
			if len(words) == 0 {
				if err := addSpoken(Message{Line: i + 1, Text: r.Alternatives[0].Transcript}, out); err != nil {
					return err
				}
			}
			if err := turns(words, out); err != nil {
				return err
			}
		}
	}
	return nil
}

type googleResults struct {
	Results []googleResult `json:"results"`
}

type googleResult struct {
	Alternatives []struct {
		Transcript string `json:"transcript"`
		Words      []struct {
			Start   number   `json:"startTime"`
			Offset  number   `json:"startOffset"`
			End     number   `json:"endTime"`
			Behind  number   `json:"endOffset"`
			Word    string   `json:"word"`
			Speaker identity `json:"speakerTag"`
			Label   identity `json:"speakerLabel"`
		} `json:"words"`
	} `json:"alternatives"`
}

func (r googleResult) tagged() bool {
	for _, w := range r.words() {
		if w.speaker != "" && w.speaker != "Speaker 0" {
			return true
		}
	}
	return false
}

func (r googleResult) words() []word {
	if len(r.Alternatives) == 0 {
		return nil
	}
	var words []word
	for _, w := range r.Alternatives[0].Words {
		words = append(words, word{
			speaker: speaker(cmp.Or(w.Speaker, w.Label)), text: w.Word,
			from: cmp.Or(w.Start, w.Offset).seconds(), to: cmp.Or(w.End, w.Behind).seconds(),
		})
	}
	return words
}

// readAzure reads a transcript of Azure's batch recogniser, whose times are
// tenths of microseconds.
func readAzure(s *Source, _ Options, out Sink) error {
	for _, f := range s.files {
		var doc struct {
			Phrases []struct {
				Offset   number   `json:"offsetInTicks"`
				Duration number   `json:"durationInTicks"`
				Speaker  identity `json:"speaker"`
				Channel  identity `json:"channel"`
				Best     []struct {
					Display string `json:"display"`
				} `json:"nBest"`
			} `json:"recognizedPhrases"`
		}
		if err := f.decode(&doc, "a transcript of Azure Speech"); err != nil {
			return err
		}
		if err := out.Begin(Chat{Title: f.base, Recorded: true}); err != nil {
			return err
		}
		for i, p := range doc.Phrases {
			if len(p.Best) == 0 {
				continue
			}
			from := (p.Offset / 10000).milliseconds()
			m := Message{Line: i + 1, Sender: spoken(speaker(p.Speaker)), Text: p.Best[0].Display, From: from, To: from + (p.Duration / 10000).milliseconds(), Timed: true}
			if err := addSpoken(m, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// readRev reads a transcript of Rev.
func readRev(s *Source, _ Options, out Sink) error {
	for _, f := range s.files {
		var doc struct {
			Speakers []struct {
				ID   identity `json:"id"`
				Name string   `json:"name"`
			} `json:"speakers"`
			Monologues []struct {
				Speaker  identity `json:"speaker"`
				Elements []struct {
					Value string  `json:"value"`
					From  *number `json:"ts"`
					To    *number `json:"end_ts"`
				} `json:"elements"`
			} `json:"monologues"`
		}
		if err := f.decode(&doc, "a transcript of Rev"); err != nil {
			return err
		}
		if err := out.Begin(Chat{Title: f.base, Recorded: true}); err != nil {
			return err
		}
		names := map[identity]string{}
		for _, s := range doc.Speakers {
			names[s.ID] = s.Name
		}
		for i, mono := range doc.Monologues {
			m := Message{Line: i + 1, Sender: Sender{ID: string(mono.Speaker), Name: cmp.Or(names[mono.Speaker], speaker(mono.Speaker))}}
			var text strings.Builder
			for _, e := range mono.Elements {
				text.WriteString(e.Value)
				if e.From != nil && !m.Timed {
					m.From, m.Timed = e.From.seconds(), true
				}
				if e.To != nil {
					m.To = e.To.seconds()
				}
			}
			m.Text = text.String()
			if err := addSpoken(m, out); err != nil {
				return err
			}
		}
	}
	return nil
}
