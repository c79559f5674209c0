// Package modeltest is a model server for tests: it speaks the API for vectors
// and knows what words are used alike, from the lexicon of the analysis. The
// vector of a text says which kinds of words it has, so a paraphrase is near to
// what it paraphrases, as it is with a real model.
package modeltest

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Vectors returns a handler of POST …/embeddings.
func Vectors() (http.Handler, error) {
	lex, err := lexicon.Load()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/embeddings", func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			http.Error(w, "not JSON", http.StatusBadRequest)
			return
		}
		type item struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		data := make([]item, len(asked.Input))
		for i, text := range asked.Input {
			if strings.TrimSpace(text) == "" {
				http.Error(w, "a text is blank", http.StatusBadRequest)
				return
			}
			data[i] = item{i, Vector(lex, text)}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data}) // the caller may have gone
	})
	return mux, nil
}

const (
	dims      = 1024
	commonest = 200 // words, which carry no meaning
)

// Vector returns what a text means, of length 1.
func Vector(lex *lexicon.Lexicon, text string) []float32 {
	v := make([]float32, dims)
	v[0] = 0.01 // a text of unknown words has a direction too
	for _, w := range words.Split(nil, text) {
		known, ok := lex.Find([]byte(w.Lower))
		if !ok || known.Rank < commonest {
			continue
		}
		for level, cluster := range known.Clusters {
			v[1+(int(cluster)*lexicon.Levels+level)%(dims-1)] += float32(level + 1)
		}
	}
	square := 0.0
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(square))
	}
	return v
}
