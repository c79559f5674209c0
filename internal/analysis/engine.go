package analysis

import (
	"context"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/custom"
	"github.com/turnwise/turnwise/internal/analysis/foreign"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/patterns"
	"github.com/turnwise/turnwise/internal/analysis/sentiment"
	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/todo"
	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// threshold is the confidence that an insight needs unless the job says
// otherwise.
const threshold = 0.5

// An Engine analyses text. It may be shared. Only its cache of what jobs bring
// changes.
type Engine struct {
	nameTagger        *names.Tagger
	momentFinder      *moments.Finder
	speechFinder      *speech.Finder
	sentimentAnalyzer *sentiment.Analyzer
	patternFinder     *patterns.Finder
	foreignFinder     *foreign.Finder
	likeness          *tracking.Model
	taskModel         *todo.Model
	kept              *ownCache
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
	tasks, err := todo.New(lex)
	if err != nil {
		return nil, err
	}
	e := &Engine{patternFinder: marks, likeness: likeness, taskModel: tasks, nameTagger: tagger, momentFinder: moments.New(), speechFinder: speech.New(), sentimentAnalyzer: sentiment.New(), foreignFinder: tongues()}
	e.kept = newOwnCache(e, maxOwnBytes)
	e.buffers.New = func() any { return new(buffer) }
	return e, nil
}

// A buffer is what the analysis of a sentence needs beside its text. It is used
// again for the next sentence.
type buffer struct {
	text           string
	words          []words.Word
	translated     []words.Word // of dates, in English
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
	entitiesOf []*Entities // of the job itself, then those that are saved
	finders    []*custom.Finder
	lookouts   []lookout
	people     []string     // who speaks
	members    *words.Names // those people
	replies    replies
	mostly     string // the language that most of the job is in
	language   string // of the utterance that is being read
	result     Result
	at         int // of the sentence that is being read

	entitiesLeft, matchesLeft room // that the job may still have
}

// Analyze splits the utterances of a job into sentences, as [Analyze] does,
// and finds in each what the options ask for. It fails only when ctx is done, with
// the error of ctx.
func (e *Engine) Analyze(ctx context.Context, in Input) (Result, error) {
	j := e.begin(in)
	defer j.end()
	for _, l := range j.look() {
		defer l.Close()
	}
	var err error
	if j.result, err = analyze(ctx, in, divider{j.members, j.mostly}); err != nil {
		return Result{}, err
	}
	polarities, pace := make([]float64, len(j.result.Sentences)), paceOf(ctx)
	for i := range j.result.Sentences {
		if err := pace.keep(ctx); err != nil {
			return Result{}, err
		}
		j.result.Sentences[i].Polarity = &polarities[i]
		j.at = i
		j.sentence(&j.result.Sentences[i])
	}
	j.fallBack()
	j.replies.asked = j.replies.asking
	j.fallBack()
	return j.result, nil
}

// begin prepares for the sentences of an input. The caller ends the job.
func (e *Engine) begin(in Input) *job {
	j := &job{Engine: e, buffer: e.buffers.Get().(*buffer), in: in, threshold: threshold, entitiesLeft: room{MaxItems, mostBytes}, matchesLeft: room{MaxItems, mostBytes}}
	if in.Options.ConfidenceThreshold != nil {
		j.threshold = *in.Options.ConfidenceThreshold
	}
	j.people = speakersOf(in.Utterances)
	j.members = words.NewNames(j.people)
	j.mostly = mostlyIn(in, j.words)
	j.language = j.mostly
	return j
}

func (j *job) end() { j.buffers.Put(j.buffer) }

// look begins to look for what the options name, and for what is saved. The caller
// closes what it returns.
func (j *job) look() []lookout {
	in := j.in
	ownTrackers, places := in.ownTrackers()
	var entities []CustomEntity
	if in.Options.DetectEntities {
		entities = in.Options.Entities
	}
	mine := j.kept.own(in.Account, entities, ownTrackers)
	j.addEntities(mine.entities)
	if in.Options.DetectEntities {
		j.addEntities(in.Saved.Entities)
	}
	if mine.trackers != nil {
		j.lookouts = append(j.lookouts, mine.trackers.look(places, effort(in)))
	}
	if in.Saved.Trackers != nil {
		j.lookouts = append(j.lookouts, in.Saved.Trackers.look(in.Saved.Places, effort(in)))
	}
	return j.lookouts
}

func (j *job) addEntities(e *Entities) {
	if e != nil {
		j.entitiesOf, j.finders = append(j.entitiesOf, e), append(j.finders, e.finder)
	}
}

// ownTrackers returns the trackers of the options that are not among the saved
// ones, with their places.
func (in Input) ownTrackers() (all []Tracker, places []int) {
	if in.Saved.Trackers == nil {
		return in.Options.Trackers, nil
	}
	if in.Saved.Places == nil {
		return nil, nil
	}
	saved := make([]bool, len(in.Options.Trackers))
	for _, place := range in.Saved.Places {
		if place >= 0 {
			saved[place] = true
		}
	}
	for place, t := range in.Options.Trackers {
		if !saved[place] {
			all, places = append(all, t), append(places, place)
		}
	}
	return all, places
}

// readSentence splits a sentence into words and finds its questions and tasks.
func (j *job) readSentence(s *Sentence) {
	j.text = s.Text
	j.words = words.Split(j.words[:0], s.Text)
	if j.language != foreign.English {
		j.findings = j.foreignFinder.Find(j.findings[:0], j.language, j.words)
		return
	}
	who := speech.People{Speaker: j.in.Utterances[s.Utterance].From.Name, Members: j.members}
	j.findings = j.speechFinder.Find(j.findings[:0], j.words, who)
	j.judge(who)
}

// sentence finds what is in one sentence.
func (j *job) sentence(s *Sentence) {
	j.turn(s.Utterance)
	j.readSentence(s)
	j.moments = j.moments[:0]
	if len(j.replies.asked) > 0 && j.taken() >= 0 {
		j.findEntities(s) // for the time that the answer names
	}
	j.hear(s)
	if j.language == foreign.English {
		*s.Polarity = round(j.sentimentAnalyzer.Polarity(s.Text))
	}
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

// mostPeople is how many people a sentence may be about beside its speaker.
const mostPeople = 32

// speakersOf returns the names of the first who speak, each once.
func speakersOf(utterances []Utterance) (names []string) {
	known := map[string]bool{"": true}
	for _, u := range utterances {
		if name := u.From.Name; !known[name] && len(names) <= mostPeople {
			known[name] = true
			names = append(names, name)
		}
	}
	return names
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
	j.moments = j.momentFinder.Find(j.moments[:0], j.text, j.momentWords(), at, j.offset())
	j.patterns = j.patternFinder.Find(j.patterns[:0], j.text, j.words)
	j.names = j.nameTagger.Find(j.names[:0], j.text)
	j.closeNames()
	j.keepNames()
	j.selectEntities()
}
