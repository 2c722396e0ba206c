package pairs

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	pair "github.com/seed-8fdceacd/wagraph/internal/pairs"
)

// fleet is the partner's processes. Its methods are safe for concurrent use.
type fleet struct {
	binary string
	order  order
	// perProcess changes the order and the environment of the nth process.
	perProcess func(n int, o *order) (env []string)

	mu      sync.Mutex
	started int
	slots   []*running
	said    strings.Builder // the standard error of all
}

// running is one process.
type running struct {
	slot  int
	cmd   *exec.Cmd
	input io.WriteCloser
	ended chan struct{}

	mu      sync.Mutex
	next    int
	waiting map[int]chan reply
	offset  time.Duration // how far its clock is off
}

// newFleet starts n processes.
func newFleet(t *testing.T, n int, o order, perProcess func(int, *order) []string) *fleet {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	return newFleetOf(t, binary, n, o, perProcess)
}

func newFleetOf(t *testing.T, binary string, n int, o order, perProcess func(int, *order) []string) *fleet {
	t.Helper()
	f := &fleet{binary: binary, order: o, perProcess: perProcess, slots: make([]*running, n)}
	for slot := range n {
		require.NoError(t, f.start(slot))
	}
	t.Cleanup(func() {
		for _, p := range f.slots {
			_ = p.cmd.Process.Kill()
			<-p.ended
		}
	})
	return f
}

// start starts a process in a slot.
func (f *fleet) start(slot int) error {
	f.mu.Lock()
	o, n := f.order, f.started
	f.started++
	f.mu.Unlock()
	o.Worker = fmt.Sprintf("process %d", n+1)
	var env []string
	if f.perProcess != nil {
		env = f.perProcess(slot, &o)
	}
	// The process ends with the test, which kills it.
	cmd := exec.CommandContext(context.Background(), f.binary)
	cmd.Env = append(append(os.Environ(), asProcess+"=1"), env...)
	cmd.Stderr = writer{f}
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	p := &running{slot: slot, cmd: cmd, input: input, ended: make(chan struct{}), waiting: map[int]chan reply{}}
	go p.read(output)
	f.mu.Lock()
	f.slots[slot] = p
	f.mu.Unlock()
	return json.NewEncoder(input).Encode(o)
}

// writer collects what the processes print to their standard error.
type writer struct{ fleet *fleet }

func (w writer) Write(text []byte) (int, error) {
	w.fleet.mu.Lock()
	defer w.fleet.mu.Unlock()
	if w.fleet.said.Len() < 64<<10 {
		w.fleet.said.Write(text)
	}
	return len(text), nil
}

// read gives the replies of a process to those who wait for them, until it ends.
func (p *running) read(output io.Reader) {
	defer close(p.ended)
	for lines := json.NewDecoder(bufio.NewReader(output)); ; {
		var r reply
		if lines.Decode(&r) != nil {
			break
		}
		p.mu.Lock()
		p.offset = time.Until(r.Clock)
		if waits := p.waiting[r.ID]; waits != nil {
			waits <- r
			delete(p.waiting, r.ID)
		}
		p.mu.Unlock()
	}
	_ = p.cmd.Wait()
}

// clock returns how far the clock of the process is off.
func (p *running) clock() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.offset
}

// errDied is the end of a call whose process was killed.
var errDied = errors.New("the process died")

// call sends a call to the process, and waits for its answer.
func (p *running) call(ctx context.Context, start pair.Start) (reply, error) {
	answer := make(chan reply, 1)
	p.mu.Lock()
	p.next++
	id := p.next
	p.waiting[id] = answer
	line, err := json.Marshal(call{ID: id, Start: start})
	if err == nil {
		_, err = p.input.Write(append(line, '\n'))
	}
	p.mu.Unlock()
	if err != nil {
		return reply{}, errDied
	}
	select {
	case r := <-answer:
		if r.Error != "" {
			return r, errors.New(r.Error)
		}
		return r, nil
	case <-p.ended:
		return reply{}, errDied
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
}

func (f *fleet) process(slot int) *running {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.slots[slot]
}

// postAgain is how long a page waits before it posts again.
const postAgain = time.Second

// post sends a call to the process of a slot. If again is true, it repeats the call
// after an error, and after the death of the process: with the next one.
func (f *fleet) post(ctx context.Context, slot int, start pair.Start, again bool) (reply, error) {
	for {
		r, err := f.process(slot).call(ctx, start)
		if err == nil || !again || ctx.Err() != nil {
			return r, err
		}
		time.Sleep(postAgain)
		slot = (slot + 1) % len(f.slots)
	}
}

// kill kills a random process, and starts another one in its place a little later.
func (f *fleet) kill(random *rand.Rand) error {
	slot := random.IntN(len(f.slots))
	p := f.process(slot)
	if err := p.cmd.Process.Kill(); err != nil {
		return err
	}
	<-p.ended
	return f.start(slot)
}

// pause stops a process for a while, as a machine does that has no memory left.
func (f *fleet) pause(slot int, lasts time.Duration) error {
	p := f.process(slot)
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	time.Sleep(lasts)
	return p.cmd.Process.Signal(syscall.SIGCONT)
}

// errors returns what the processes printed.
func (f *fleet) errors() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.said.String()
}
