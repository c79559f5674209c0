package todo

import "github.com/turnwise/turnwise/internal/analysis/words"

// The kinds of features. A feature is a few words, or clusters of words that are used
// alike, in a place.
const (
	oneWord uint32 = iota + 1
	twoWords
	threeWords
	oneLike     // one word like it
	wordLike    // a word, and one like the next
	wordsLike   // two words, and one like the next
	likeWord    // one like it, and the next word
	twoLike     // two words like them, coarsely
	place       // a word, and how far from the start it is
	placeLike   // one like it, and how far
	placePair   // two like them, and how far
	opening     // the word that a clause may begin with
	openingLike // one like it
	openingTwo  // that word and the next
	openingPair // one like it and the next word
	asked       // whether the sentence ends with a question mark
	length      // how many words there are, roughly
)

// What stands for words that are not told apart.
const (
	outside = 0x9e3779b9 // before the first word and behind the last
	member  = 0x51ed270b // a name of one who takes part
	number  = 0x2545f491 // a number in figures
)

const (
	maxLetters = 32 // bytes of a word that the lexicon is asked for
	places     = 4  // words from the start whose places are told apart
	lengths    = 6  // lengths that are told apart, by four words each
	margin     = 2  // tokens beside the words at either end

	shortestName = 3 // bytes of a word of a name that stands for a member
)

// A token is a word as the features see it.
type token struct {
	word   uint32
	like   uint32 // the cluster of words that it is used like
	coarse uint32 // a larger one
	opens  bool   // whether a clause may begin with it
}

// tokens appends the tokens of words to to.
func (m *Model) tokens(to []token, said []words.Word, members *words.Names) []token {
	none := token{word: outside, like: outside, coarse: outside}
	to = append(to, none, none)
	opens := true
	for i := range said {
		t := m.token(said[i], members)
		t.opens, opens = opens, endsClause(said[i].Lower)
		to = append(to, t)
	}
	return append(to, none, none)
}

// endsClause reports whether a clause may begin behind a word.
func endsClause(lower string) bool {
	switch lower {
	case ",", ";", ":", ".", "!", "?", "-", "–", "—", "and", "so", "please", "but", "then", "or":
		return true
	}
	return false
}

func (m *Model) token(w words.Word, members *words.Names) token {
	lower := w.Lower
	if len(lower) >= shortestName && members.Has(w) {
		return token{word: member, like: member, coarse: member}
	}
	if lower[0] >= '0' && lower[0] <= '9' {
		return token{word: number, like: number, coarse: number}
	}
	t := token{word: hash(lower)}
	if len(lower) <= maxLetters {
		var letters [maxLetters]byte
		if known, ok := m.lex.Find(letters[:copy(letters[:], lower)]); ok {
			t.coarse, t.like = 1+uint32(known.Clusters[0]), 1+uint32(known.Clusters[1])
		}
	}
	return t
}

// hash returns the FNV-1a hash of a word.
func hash(word string) uint32 {
	h := uint32(2166136261)
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * 16777619
	}
	return h
}

// slot returns where the weights of a feature stand. Some features share one.
func slot(kind, a, b, c uint32) uint32 {
	h := kind*0x9e3779b1 ^ a*0x85ebca6b
	h = (h<<13|h>>19)*5 + b*0xc2b2ae35
	h = (h<<13|h>>19)*5 + c*0x27d4eb2f
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	return h % slots
}

// features appends the slots of the features of a sentence to to.
func features(to []uint32, all []token, isAsked bool) []uint32 {
	for i := margin; i < len(all)-margin; i++ {
		t, before, first, next := &all[i], &all[i-1], &all[i-2], &all[i+1]
		to = append(to,
			slot(oneWord, t.word, 0, 0),
			slot(twoWords, before.word, t.word, 0),
			slot(threeWords, first.word, before.word, t.word),
			slot(oneLike, t.like, 0, 0),
			slot(wordLike, before.word, t.like, 0),
			slot(wordsLike, first.word, before.word, t.like),
			slot(likeWord, t.like, next.word, 0),
			slot(twoLike, before.coarse, t.coarse, 0),
		)
		if at := uint32(i - margin); at < places {
			to = append(to, slot(place, t.word, at, 0), slot(placeLike, t.like, at, 0), slot(placePair, t.like, next.coarse, at))
		}
		if t.opens {
			to = append(to, slot(opening, t.word, 0, 0), slot(openingLike, t.like, 0, 0),
				slot(openingTwo, t.word, next.word, 0), slot(openingPair, t.like, next.word, 0))
		}
	}
	if isAsked {
		to = append(to, slot(asked, 0, 0, 0))
	}
	return append(to, slot(length, uint32(min(len(all)/4, lengths)), 0, 0))
}
