package main

import (
	"log/slog"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/analyzer"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/digest/abstract"
	"github.com/turnwise/turnwise/internal/analysis/inference"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/quota"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/telemetry"
)

// localAnalyzer returns what analyses in this process. Where there are several
// accounts one of them leaves a processor to the others.
func localAnalyzer(e *analysis.Engine, s settings.Settings, turns *quota.Quota) jobs.Analyzer {
	local := jobs.Local{Engine: e}
	if oneAccount(s) {
		return local
	}
	return jobs.NewShared(local, processorsOf(s), turns)
}

// newAnalyzers returns the analyzer of jobs, with what accounts have saved, and the digests of whole conversations:
// those of this process, and over them the services that the settings name. Each
// one adds to the findings of those before it, or replaces some of them.
func newAnalyzers(store *store.Store, s settings.Settings, turns *quota.Quota, log *slog.Logger, m *telemetry.Metrics) (jobs.Analyzer, *digest.Cache, error) {
	lex, err := lexicon.Load()
	if err != nil {
		return nil, nil, err
	}
	engine, err := analysis.New(lex)
	if err != nil {
		return nil, nil, err
	}
	local := localAnalyzer(engine, s, turns)
	jobAnalyzer, digests := local, digest.Options{Log: log}
	if s.AnalyzerURL != "" {
		jobAnalyzer = analyzer.New(s.AnalyzerURL, analyzer.Options{Timeout: s.AnalyzerTimeout, Local: jobs.Local{Engine: engine}})
	}
	models := inference.New(inference.Options{
		URL: s.ModelURL, Key: s.ModelKey, EmbeddingModel: s.EmbeddingModel, ChatModel: s.ChatModel,
		Timeout: s.ModelTimeout, Concurrency: s.ModelConcurrency, Meter: m,
	})
	if s.ChatModel != "" {
		jobAnalyzer = analyzer.NewChat(jobAnalyzer, engine, models, log)
		digests.Writer = abstract.NewWriter(models)
	}
	if s.EmbeddingModel != "" {
		jobAnalyzer = analyzer.NewEmbeddings(jobAnalyzer, models, log)
		digests.Embedder = models
	}
	return catalog.NewAnalyzer(jobAnalyzer, catalog.New(store), engine), digest.New(store, func() (*lexicon.Lexicon, error) { return lex, nil }, digests), nil
}
