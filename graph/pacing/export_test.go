package pacing

// Len returns how many quotas the Memory holds.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.quotas.len()
}
