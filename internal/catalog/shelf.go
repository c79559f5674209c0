package catalog

import (
	"context"
	"hash/maphash"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/cache"
)

const (
	maxCompiledBytes = 128 << 20 // of what is kept compiled, of all accounts
	leastCompiled    = 1 << 10   // bytes that one of them counts for at least
	compiledAtOnce   = 2         // each takes memory besides, while it is made
	shelfLocks       = 64
)

// A shelf keeps what accounts have saved in the form in which it is looked for. It
// asks the store whether that is still what is saved whenever it is asked itself,
// so a change is seen by all that begins after it. What is of another version is
// made once for all who wait for it.
type shelf struct {
	catalog *Catalog
	engine  *analysis.Engine
	kept    *cache.Fair[Kind, compiled]
	seed    maphash.Seed
	locks   [shelfLocks]chan struct{} // by account and kind
	slots   chan struct{}
}

// A compiled is one kind of what an account has saved.
type compiled struct {
	version  string
	entities *analysis.Entities // of entities
	trackers *analysis.Trackers // of trackers
	places   map[string]int     // among these, by id
}

func newShelf(c *Catalog, e *analysis.Engine) *shelf {
	s := &shelf{catalog: c, engine: e, kept: cache.NewFair[Kind, compiled](maxCompiledBytes), seed: maphash.MakeSeed(), slots: make(chan struct{}, compiledAtOnce)}
	for i := range s.locks {
		s.locks[i] = make(chan struct{}, 1)
	}
	return s
}

// of returns what an account has saved of a kind.
func (s *shelf) of(ctx context.Context, account string, kind Kind) (compiled, error) {
	_, c, ok, err := s.known(ctx, account, kind)
	if err != nil || ok {
		return c, err
	}
	for _, turn := range []chan struct{}{s.lock(account, kind), s.slots} {
		select {
		case turn <- struct{}{}:
			defer func() { <-turn }()
		case <-ctx.Done():
			return c, ctx.Err()
		}
	}
	version, c, ok, err := s.known(ctx, account, kind)
	if err != nil || ok {
		return c, err
	}
	c, size, err := s.compile(ctx, account, kind)
	if err != nil {
		return c, err
	}
	c.version = version
	s.kept.Put(account, kind, c, max(size, leastCompiled))
	return c, nil
}

// known returns the version of what is saved, and that if it is kept.
func (s *shelf) known(ctx context.Context, account string, kind Kind) (version string, c compiled, ok bool, err error) {
	if version, err = s.catalog.Trackers.store.ItemsVersion(ctx, account, kind); err != nil {
		return "", c, false, err
	}
	c, ok = s.kept.Get(account, kind)
	return version, c, ok && c.version == version, nil
}

func (s *shelf) lock(account string, kind Kind) chan struct{} {
	return s.locks[maphash.String(s.seed, account+" "+string(kind))%shelfLocks]
}

// compile reads what is saved, and compiles it. It returns about how many bytes it
// takes then.
func (s *shelf) compile(ctx context.Context, account string, kind Kind) (c compiled, size int, err error) {
	if kind == EntityKind {
		c.entities, err = s.compileEntities(ctx, account)
		if err != nil {
			return c, 0, err
		}
		return c, c.entities.Size(), nil
	}
	saved, err := s.catalog.Trackers.All(ctx, account)
	if err != nil {
		return c, 0, err
	}
	list := make([]analysis.Tracker, len(saved))
	c.places = make(map[string]int, len(saved))
	for i, t := range saved {
		list[i] = analysis.Tracker{ID: t.ID, Name: t.Name, Vocabulary: t.Vocabulary, ExcludeVocabulary: t.ExcludeVocabulary}
		c.places[t.ID] = i
	}
	c.trackers = s.engine.CompileTrackers(list)
	return c, c.trackers.Size(), nil
}

// compileEntities decodes one entity after the other: all of them at once would
// take several times the memory.
func (s *shelf) compileEntities(ctx context.Context, account string) (*analysis.Entities, error) {
	records, err := s.catalog.Entities.store.Items(ctx, account, EntityKind)
	if err != nil {
		return nil, err
	}
	b := analysis.NewEntityBuilder()
	for i, r := range records {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e, err := decode[Entity](r)
		if err != nil {
			return nil, err
		}
		records[i].Body = nil
		for _, v := range e.Values {
			b.Add(analysis.CustomEntity{CustomType: e.Label(), Text: v, Value: v})
		}
	}
	return b.Entities(), nil
}
