package analysis

import (
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/custom"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/patterns"
	"github.com/turnwise/turnwise/internal/analysis/sentiment"
	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// threshold is the confidence that an insight needs unless the job says
// otherwise.
const threshold = 0.5

// An Engine analyses text. It may be shared: all that changes in it is which
// vocabularies it need not prepare again.
type Engine struct {
	tagger *names.Tagger
	clock  *moments.Finder
	ear    *speech.Finder
	mood   *sentiment.Analyzer
	marks  *patterns.Finder
	memory *memory
	rooms  sync.Pool // of *room
}

// New returns an Engine over a lexicon. It takes some 50 ms.
func New(lex *lexicon.Lexicon) (*Engine, error) {
	tagger, err := names.New(lex)
	if err != nil {
		return nil, err
	}
	marks, err := patterns.New("")
	if err != nil {
		return nil, err
	}
	likeness, err := tracking.New(lex)
	if err != nil {
		return nil, err
	}
	e := &Engine{marks: marks, memory: newMemory(likeness), tagger: tagger, clock: moments.New(), ear: speech.New(), mood: sentiment.New()}
	e.rooms.New = func() any { return new(room) }
	return e, nil
}

// A room is what the analysis of a sentence needs beside its text. It is used
// again for the next one.
type room struct {
	text     string
	words    []words.Word
	findings []speech.Finding
	moments  []moments.Moment
	names    []names.Name
	patterns []patterns.Pattern
	given    []custom.Match
	tracked  []tracking.Match
	spots    []spot
	taken    []bool // which bytes of the text belong to a spot
}

// A job is an input while it is analysed.
type job struct {
	*Engine
	*room

	in         Input
	threshold  float64
	vocabulary vocabulary
	people     []string // names of those who speak, by utterance
	result     Result

	entitiesLeft, matchesLeft int // that the job may still have
}

// Analyze splits the utterances of a job into sentences, as [Analyze] does,
// and finds in each what the options ask for. It never fails.
func (e *Engine) Analyze(in Input) Result {
	r := e.rooms.Get().(*room)
	defer e.rooms.Put(r)
	j := e.begin(r, in)
	j.result = Analyze(in)
	polarities := make([]float64, len(j.result.Sentences))
	for i := range j.result.Sentences {
		j.result.Sentences[i].Polarity = &polarities[i]
		j.sentence(&j.result.Sentences[i])
	}
	return j.result
}

// begin prepares for the sentences of an input.
func (e *Engine) begin(r *room, in Input) *job {
	j := &job{Engine: e, room: r, in: in, threshold: threshold, vocabulary: e.memory.vocabulary(in.Options), entitiesLeft: MaxItems, matchesLeft: MaxItems}
	if in.Options.ConfidenceThreshold != nil {
		j.threshold = *in.Options.ConfidenceThreshold
	}
	for _, u := range in.Utterances {
		j.people = append(j.people, u.From.Name)
	}
	return j
}

// hear takes up a sentence, and finds what is asked or to be done in it.
func (j *job) hear(s *Sentence) {
	j.text = s.Text
	j.words = words.Split(j.words[:0], s.Text)
	j.findings = j.ear.Find(j.findings[:0], j.words, j.who(s.Utterance))
}

// sentence finds what is in one sentence.
func (j *job) sentence(s *Sentence) {
	j.hear(s)
	*s.Polarity = round(j.mood.Polarity(s.Text))
	insight := j.insightful()
	if insight || j.in.Options.DetectEntities {
		j.look(s)
	}
	if j.in.Options.DetectEntities {
		s.Entities = j.entities()
	}
	s.Matches = j.matches()
	j.insights(s)
}

// who returns the people that the sentences of an utterance may be about.
func (j *job) who(utterance int) speech.People {
	p := speech.People{Speaker: j.people[utterance]}
	for i, name := range j.people {
		if name != "" && name != p.Speaker && (i == 0 || name != j.people[i-1]) && len(p.Others) < 32 {
			p.Others = append(p.Others, name)
		}
	}
	return p
}

// offset returns how many minutes the clocks of the conversation are ahead of
// UTC.
func (j *job) offset() int {
	if j.in.Options.TimezoneOffset == nil {
		return 0
	}
	return int(*j.in.Options.TimezoneOffset)
}

// look finds the moments and names of a sentence.
func (j *job) look(s *Sentence) {
	at := s.Start
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	j.moments = j.clock.Find(j.moments[:0], j.text, j.words, at, j.offset())
	j.patterns = j.marks.Find(j.patterns[:0], j.text, j.words)
	j.names = j.tagger.Find(j.names[:0], j.text)
	j.settle()
}
