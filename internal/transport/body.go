package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// ErrBodyTooLarge means that a body was longer than the pipe accepts, counted
// after decompression. The rest of it is not read.
var ErrBodyTooLarge = errors.New("body is larger than the limit")

// ErrPanicked means that the application's round tripper, or a body that it
// returned, panicked. A *guard.Panic is beside it in the chain.
var ErrPanicked = errors.New("the round tripper panicked")

// keepBuffer is the size of the largest buffer that is kept for the next call: a
// page with a hundred certificates fits. The memory of a larger body is freed.
const keepBuffer = 1 << 20

func (p *Pipe) buffer() *bytes.Buffer {
	if buf, ok := p.buffers.Get().(*bytes.Buffer); ok {
		return buf
	}
	return new(bytes.Buffer)
}

// recycle keeps a buffer for the next body, which is written over the old one:
// a decoder copies what it keeps.
func (p *Pipe) recycle(buf *bytes.Buffer) {
	if buf.Cap() > keepBuffer {
		return
	}
	buf.Reset()
	p.buffers.Put(buf)
}

// readBody reads the whole body into buf and closes it. A body shorter than
// announced is io.ErrUnexpectedEOF, as net/http reports it.
func readBody(buf *bytes.Buffer, resp *http.Response, limit int64) (err error) {
	defer guard.Recover("Response.Body", ErrPanicked, &err)
	if resp.Body == nil {
		if resp.ContentLength > 0 {
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	defer func() { _ = resp.Body.Close() }()
	if n := resp.ContentLength; n > 0 && n <= min(limit, keepBuffer) {
		buf.Grow(int(n) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return err
	}
	if n > limit {
		buf.Reset()
		return fmt.Errorf("%w of %d bytes", ErrBodyTooLarge, limit)
	}
	return nil
}
