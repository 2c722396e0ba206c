package graphsim

import "context"

func (s *Sim) runBatch(ctx context.Context, c *call) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.render(c, nil, errMissing("batch")), ctx.Err()
}
