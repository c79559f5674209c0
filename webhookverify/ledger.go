package webhookverify

import (
	"container/list"
	"context"
	"sync"
)

// A Ledger keeps the highest sequence of each job that was seen. It is asked for
// one event of a job at a time by each [Verifier], and by several of them, in
// other processes, at once.
type Ledger interface {
	// Last returns the highest sequence of the job, 0 if there is none.
	Last(ctx context.Context, jobID string) (int64, error)

	// Keep keeps the sequence of the job, unless a higher one is kept already, in one
	// step.
	Keep(ctx context.Context, jobID string, sequence int64) error
}

// Memory is a [Ledger] in the memory of the process. It forgets the jobs that it
// has not been told of for longest when there are more than it has room for, and
// all of them at the end of the process: then an event that comes again is seen
// again.
type Memory struct {
	most int

	mu    sync.Mutex
	jobs  map[string]*list.Element
	order *list.List // of entries, the latest first
}

type entry struct {
	job      string
	sequence int64
}

// NewMemory returns a Memory with room for so many jobs.
func NewMemory(jobs int) *Memory {
	return &Memory{most: max(jobs, 1), jobs: map[string]*list.Element{}, order: list.New()}
}

// Last implements [Ledger].
func (m *Memory) Last(_ context.Context, jobID string) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, found := m.jobs[jobID]; found {
		return e.Value.(*entry).sequence, nil
	}
	return 0, nil
}

// Keep implements [Ledger].
func (m *Memory) Keep(_ context.Context, jobID string, sequence int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, found := m.jobs[jobID]; found {
		known := e.Value.(*entry)
		known.sequence = max(known.sequence, sequence)
		m.order.MoveToFront(e)
		return nil
	}
	m.jobs[jobID] = m.order.PushFront(&entry{jobID, sequence})
	if m.order.Len() > m.most {
		oldest := m.order.Remove(m.order.Back()).(*entry)
		delete(m.jobs, oldest.job)
	}
	return nil
}
