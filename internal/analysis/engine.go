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

// An Engine analyses text. It may be shared. Only its cache of prepared
// vocabularies changes.
type Engine struct {
	nameTagger        *names.Tagger
	momentFinder      *moments.Finder
	speechFinder      *speech.Finder
	sentimentAnalyzer *sentiment.Analyzer
	patternFinder     *patterns.Finder
	vocabularies      *vocabularyCache
	buffers           sync.Pool // of *buffer
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
	e := &Engine{patternFinder: marks, vocabularies: newVocabularyCache(likeness), nameTagger: tagger, momentFinder: moments.New(), speechFinder: speech.New(), sentimentAnalyzer: sentiment.New()}
	e.buffers.New = func() any { return new(buffer) }
	return e, nil
}

// A buffer is what the analysis of a sentence needs beside its text. It is used
// again for the next sentence.
type buffer struct {
	text           string
	words          []words.Word
	findings       []speech.Finding
	moments        []moments.Moment
	names          []names.Name
	patterns       []patterns.Pattern
	customMatches  []custom.Match
	trackerMatches []tracking.Match
	spans          []entitySpan
	occupied       []bool // which bytes of the text belong to an entity
}

// A job is an input while it is analysed.
type job struct {
	*Engine
	*buffer

	in         Input
	threshold  float64
	vocabulary vocabulary
	speakers   []string // names of those who speak, by utterance
	result     Result

	entitiesLeft, matchesLeft int // that the job may still have
}

// Analyze splits the utterances of a job into sentences, as [Analyze] does,
// and finds in each what the options ask for. It never fails.
func (e *Engine) Analyze(in Input) Result {
	r := e.buffers.Get().(*buffer)
	defer e.buffers.Put(r)
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
func (e *Engine) begin(r *buffer, in Input) *job {
	j := &job{Engine: e, buffer: r, in: in, threshold: threshold, vocabulary: e.vocabularies.vocabulary(in.Options), entitiesLeft: MaxItems, matchesLeft: MaxItems}
	if in.Options.ConfidenceThreshold != nil {
		j.threshold = *in.Options.ConfidenceThreshold
	}
	for _, u := range in.Utterances {
		j.speakers = append(j.speakers, u.From.Name)
	}
	return j
}

// readSentence splits a sentence into words and finds its questions and tasks.
func (j *job) readSentence(s *Sentence) {
	j.text = s.Text
	j.words = words.Split(j.words[:0], s.Text)
	j.findings = j.speechFinder.Find(j.findings[:0], j.words, j.peopleOf(s.Utterance))
}

// sentence finds what is in one sentence.
func (j *job) sentence(s *Sentence) {
	j.readSentence(s)
	*s.Polarity = round(j.sentimentAnalyzer.Polarity(s.Text))
	insight := j.hasTask()
	if insight || j.in.Options.DetectEntities {
		j.findEntities(s)
	}
	if j.in.Options.DetectEntities {
		s.Entities = j.entities()
	}
	s.Matches = j.matches()
	j.insights(s)
}

// peopleOf returns the people that the sentences of an utterance may be about.
func (j *job) peopleOf(utterance int) speech.People {
	p := speech.People{Speaker: j.speakers[utterance]}
	for i, name := range j.speakers {
		if name != "" && name != p.Speaker && (i == 0 || name != j.speakers[i-1]) && len(p.Others) < 32 {
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

// findEntities finds the moments and names of a sentence.
func (j *job) findEntities(s *Sentence) {
	at := s.Start
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	j.moments = j.momentFinder.Find(j.moments[:0], j.text, j.words, at, j.offset())
	j.patterns = j.patternFinder.Find(j.patterns[:0], j.text, j.words)
	j.names = j.nameTagger.Find(j.names[:0], j.text)
	j.selectEntities()
}
