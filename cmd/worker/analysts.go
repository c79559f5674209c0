package main

import (
	"log/slog"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/analyzer"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/digest/abstract"
	"github.com/turnwise/turnwise/internal/analysis/inference"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/telemetry"
)

// analysts returns what analyses jobs, and what tells of whole conversations:
// this process, and over it what the settings name. Each one adds to what those
// before it found, or takes the place of some of it.
func newAnalyzers(kept *store.Store, s settings.Settings, log *slog.Logger, m *telemetry.Metrics) (jobs.Analyzer, *digest.Cache, error) {
	lex, err := lexicon.Load()
	if err != nil {
		return nil, nil, err
	}
	engine, err := analysis.New(lex)
	if err != nil {
		return nil, nil, err
	}
	local := jobs.Local{Engine: engine}
	by, digests := jobs.Analyzer(local), digest.Options{Log: log}
	if s.AnalyzerURL != "" {
		by = analyzer.New(s.AnalyzerURL, analyzer.Options{Timeout: s.AnalyzerTimeout, Local: local})
	}
	models := inference.New(inference.Options{
		URL: s.ModelURL, Key: s.ModelKey, EmbeddingModel: s.EmbeddingModel, ChatModel: s.ChatModel,
		Timeout: s.ModelTimeout, Concurrency: s.ModelConcurrency, Meter: m,
	})
	if s.ChatModel != "" {
		by = analyzer.NewChat(by, engine, models, log)
		digests.Writer = abstract.NewWriter(models)
	}
	if s.EmbeddingModel != "" {
		by = analyzer.NewEmbeddings(by, models, log)
		digests.Embedder = models
	}
	return by, digest.New(kept, func() (*lexicon.Lexicon, error) { return lex, nil }, digests), nil
}
