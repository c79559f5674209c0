// Package corpus reads the labelled text that the model of package names is
// learned from, chosen by and measured on, keeps the three apart, and tells
// how well names are found in such text.
//
// All of it lies in one folder: WNUT17, BTC (the Broad Twitter Corpus) and
// wikigold, as data/README.md lists them. [Load] reads what may be learned
// from and chosen by, [LoadTest] what nothing may be learned from or chosen
// by. Beside it lie messages in testdata, which were written and labelled for
// this project before anybody looked at what a model says of them: half to
// develop with, the other half, [Messages], for tests only.
package corpus

import (
	_ "embed" // the messages
	"path/filepath"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/names"
)

// Quarters is how many parts the text of wikigold has that may be learned
// from: each is left out once, to measure what was learned from the others.
const Quarters = 4

// Sections are the sections of the Broad Twitter Corpus that may be learned
// from. The sixth, h, is for development.
const Sections = "abefg"

// A Corpus is what may be learned from and chosen by.
type Corpus struct {
	Web        []names.Sentence // WNUT 2017, the part for training
	WebDev     []names.Sentence // WNUT 2017, the part for development
	Twitter    map[rune][]names.Sentence
	TwitterDev []names.Sentence
	Wiki       [Quarters][]names.Sentence // the first four fifths of wikigold
}

// Load reads a Corpus.
func Load(dir string) (Corpus, error) {
	c := Corpus{Twitter: map[rune][]names.Sentence{}}
	var err error
	if c.Web, err = read(dir, "WNUT17/train/wnut17train.conll"); err != nil {
		return Corpus{}, err
	}
	if c.WebDev, err = read(dir, "WNUT17/dev/emerging.dev.conll"); err != nil {
		return Corpus{}, err
	}
	for _, section := range Sections {
		if c.Twitter[section], err = readTwitter(dir, section); err != nil {
			return Corpus{}, err
		}
	}
	if c.TwitterDev, err = readTwitter(dir, 'h'); err != nil {
		return Corpus{}, err
	}
	wiki, err := read(dir, wikigold)
	if err != nil {
		return Corpus{}, err
	}
	wiki, _ = lastFifth(wiki)
	for n := range c.Wiki {
		c.Wiki[n] = wiki[len(wiki)*n/Quarters : len(wiki)*(n+1)/Quarters]
	}
	return c, nil
}

// A Test is what nothing was learned from or chosen by.
type Test struct {
	Web  []names.Sentence // WNUT 2017, the part for tests
	Wiki []names.Sentence // the last fifth of wikigold
}

// LoadTest reads a Test.
func LoadTest(dir string) (Test, error) {
	web, err := read(dir, "WNUT17/test/emerging.test.annotated")
	if err != nil {
		return Test{}, err
	}
	wiki, err := read(dir, wikigold)
	if err != nil {
		return Test{}, err
	}
	_, last := lastFifth(wiki)
	return Test{Web: web, Wiki: last}, nil
}

//go:embed testdata/messages_test.conll
var messages string

// Messages returns text as people write and speak: chats, mails, calls. Nothing
// was learned from it or chosen by it either.
func Messages() ([]names.Sentence, error) { return parse(strings.NewReader(messages)) }

const wikigold = "wikigold/wikigold.conll.txt"

// lastFifth divides sentences into the first four fifths and the last one.
func lastFifth(all []names.Sentence) (before, last []names.Sentence) {
	at := len(all) * 4 / 5
	return all[:at], all[at:]
}

func readTwitter(dir string, section rune) ([]names.Sentence, error) {
	all, err := read(dir, "BTC/"+string(section)+".conll")
	for i, s := range all {
		all[i] = join(s)
	}
	return all, err
}

func read(dir, file string) ([]names.Sentence, error) {
	return Read(filepath.Join(dir, filepath.FromSlash(file)))
}
