package wagraph

import (
	"context"
	"log/slog"
	"time"
)

// Tracer sees every attempt of every call: what one needs for logs, metrics
// and spans. It must be safe for concurrent use, and quick. Nothing it is given
// holds a token, a URL or a parameter.
type Tracer interface {
	// TraceStart runs before an attempt is sent. The context that it returns
	// is the attempt's, and is passed to TraceEnd.
	TraceStart(ctx context.Context, start TraceStart) context.Context
	// TraceEnd runs once the attempt's answer was read and judged.
	TraceEnd(ctx context.Context, end TraceEnd)
}

// TraceStart is an attempt that is about to be sent.
type TraceStart struct {
	Method string
	// Route is the template, such as /{waba-id}/phone_numbers: few values, so
	// that it can be a metric's label. IDs fill it.
	Route   string
	IDs     []string
	Version string
	// Attempt counts from 1.
	Attempt int
	// Batched is true for an op of a batch. The batch itself is traced too, as
	// a POST to "/".
	Batched bool
}

// TraceEnd is an attempt that is over.
type TraceEnd struct {
	TraceStart
	// Status is 0 when no answer came.
	Status int
	// Err is nil, or an *Error.
	Err error
	// Duration is the time from TraceStart to now.
	Duration time.Duration
	// Retry is true when another attempt follows after Wait.
	Retry bool
	Wait  time.Duration
	// AnsweredVersion is the version that Meta answered with: another one than
	// Version once that has expired. Empty if the answer did not say.
	AnsweredVersion string
	// TraceID is what Meta's support asks for.
	TraceID string

	appUsage, assetUsage string
}

// Usage is how much of the quota is used, by the answer's headers. It is read
// from them on demand.
func (e TraceEnd) Usage() Usage { return parseUsage(e.appUsage, e.assetUsage) }

// Slog returns a Tracer that logs every attempt: successes at Debug, failed
// attempts at Info when another follows and at Warn when not, and at Warn also
// an answer in another version than the one asked for.
func Slog(logger *slog.Logger) Tracer { return slogTracer{logger} }

type slogTracer struct{ logger *slog.Logger }

func (t slogTracer) TraceStart(ctx context.Context, _ TraceStart) context.Context { return ctx }

func (t slogTracer) TraceEnd(ctx context.Context, end TraceEnd) {
	level := slog.LevelDebug
	switch {
	case end.Retry:
		level = slog.LevelInfo
	case end.Err != nil:
		level = slog.LevelWarn
	}
	if end.fellForward() {
		t.logger.LogAttrs(ctx, slog.LevelWarn, "graph answered in another version",
			slog.String("asked", end.Version), slog.String("answered", end.AnsweredVersion))
	}
	if !t.logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", end.Method), slog.String("route", end.Route), slog.Any("ids", end.IDs),
		slog.Int("attempt", end.Attempt), slog.Int("status", end.Status), slog.Duration("took", end.Duration),
	}
	if end.TraceID != "" {
		attrs = append(attrs, slog.String("trace_id", end.TraceID))
	}
	if end.Retry {
		attrs = append(attrs, slog.Duration("retry_in", end.Wait))
	}
	if usage := end.Usage(); usage.App.Peak() > 0 || len(usage.Assets) > 0 {
		attrs = append(attrs, slog.Int("app_load", usage.App.Peak()), slog.Any("asset_load", usage.Assets))
	}
	if end.Err != nil {
		attrs = append(attrs, slog.Any("error", end.Err))
	}
	t.logger.LogAttrs(ctx, level, "graph call", attrs...)
}

// fellForward tells whether Meta answered with another version than asked.
func (e TraceEnd) fellForward() bool {
	return e.AnsweredVersion != "" && e.AnsweredVersion != e.Version
}
