package main

// recent is a map of bounded size: what was put in first goes first.
type recent[V any] struct {
	values map[string]V
	keys   []string // a ring, once it is full
	oldest int
	limit  int
}

func newRecent[V any](limit int) *recent[V] {
	return &recent[V]{values: map[string]V{}, limit: limit}
}

func (r *recent[V]) get(key string) (V, bool) {
	v, ok := r.values[key]
	return v, ok
}

func (r *recent[V]) put(key string, v V) {
	if _, known := r.values[key]; !known {
		r.remember(key)
	}
	r.values[key] = v
}

func (r *recent[V]) remember(key string) {
	if len(r.keys) < r.limit {
		r.keys = append(r.keys, key)
		return
	}
	delete(r.values, r.keys[r.oldest])
	r.keys[r.oldest] = key
	r.oldest = (r.oldest + 1) % r.limit
}
