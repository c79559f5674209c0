package inference

import (
	"context"
	"iter"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sashabaranov/go-openai"
	"golang.org/x/sync/errgroup"
)

// What one request for vectors may hold. A text that is longer is known by its
// beginning: models read some 500 words at most, and small ones refuse more.
const (
	longestText = 1500 // bytes
	mostTexts   = 96
	mostBytes   = 32 << 10
)

// Embed returns what [Client.EmbedFor] returns for those who have no name.
func (c *Client) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	return c.EmbedFor(ctx, "", texts)
}

// EmbedFor returns a vector of length 1 for each text. Vectors of equal texts are
// the same one, and are kept for later calls of the same owner, so they must not be
// changed. No text may be blank.
func (c *Client) EmbedFor(ctx context.Context, owner string, texts []string) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	known := make(map[string][]float32, len(texts))
	var missing []string
	for _, text := range texts {
		text = beginning(text)
		if _, ok := known[text]; ok {
			continue
		}
		known[text] = c.cache.get(owner, text)
		if known[text] == nil {
			missing = append(missing, text)
		}
	}
	found, err := c.fetch(ctx, owner, missing)
	if err != nil {
		return nil, err
	}
	for i, text := range missing {
		known[text] = found[i]
	}
	all := make([][]float32, len(texts))
	for i, text := range texts {
		all[i] = known[beginning(text)]
		if len(all[i]) != len(all[0]) {
			c.cache.forget() // or it would be so for ever
			return nil, invalid("vectors have %d numbers and %d", len(all[0]), len(all[i]))
		}
	}
	return all, nil
}

// fetch returns vectors that are not cached yet, and caches them.
func (c *Client) fetch(ctx context.Context, owner string, texts []string) ([][]float32, error) {
	found := make([][]float32, len(texts))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(c.opts.Concurrency)
	for from, to := range batches(texts) {
		g.Go(func() error {
			err := c.call(ctx, Embed, func(ctx context.Context) error {
				return c.embed(ctx, texts[from:to], found[from:to])
			})
			if err != nil {
				return err
			}
			for i, text := range texts[from:to] { // also if another batch fails: the next job has fewer to ask for
				c.cache.put(owner, text, found[from+i])
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return found, nil
}

// embed makes one request, and puts the vectors into found in the order of the
// texts.
func (c *Client) embed(ctx context.Context, texts []string, found [][]float32) error {
	answer, err := c.api.CreateEmbeddings(ctx, openai.EmbeddingRequestStrings{
		Model: openai.EmbeddingModel(c.opts.EmbeddingModel), Input: texts, EncodingFormat: openai.EmbeddingEncodingFormatFloat,
	})
	if err != nil {
		return err
	}
	if len(answer.Data) != len(found) {
		return invalid("it has %d vectors for %d texts", len(answer.Data), len(found))
	}
	for i, d := range answer.Data {
		if d.Index < 0 || d.Index >= len(found) || found[d.Index] != nil {
			return invalid("data[%d].index is %d, which is no other text", i, d.Index)
		}
		if !normalize(d.Embedding) {
			return invalid("data[%d].embedding has no direction", i)
		}
		found[d.Index] = slices.Clone(d.Embedding) // less what the decoder had in reserve
	}
	return nil
}

// normalize gives a vector the length 1, and reports whether that can be done.
func normalize(v []float32) bool {
	square := 0.0
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if square == 0 || math.IsNaN(square) || math.IsInf(square, 0) {
		return false
	}
	by := 1 / math.Sqrt(square)
	for i := range v {
		v[i] = float32(float64(v[i]) * by)
	}
	return true
}

// beginning returns as much of a text as is embedded.
func beginning(text string) string {
	if len(text) <= longestText {
		return text
	}
	end := longestText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.TrimSpace(text[:end])
}

// batches yields the bounds of what one request may hold.
func batches(texts []string) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		from, bytes := 0, 0
		for to, text := range texts {
			if to > from && (to-from == mostTexts || bytes+len(text) > mostBytes) {
				if !yield(from, to) {
					return
				}
				from, bytes = to, 0
			}
			bytes += len(text)
		}
		if from < len(texts) {
			yield(from, len(texts))
		}
	}
}
