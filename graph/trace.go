package graph

import (
	"context"
	"log/slog"
	"time"
)

// Tracer sees every attempt of every call. Logs, metrics and spans are made from
// it. It must be safe for concurrent use, and quick. Nothing that it is given
// holds a token, a URL or a parameter. If it panics, the call ends with an
// ErrPanicked.
type Tracer interface {
	// TraceStart runs before an attempt is sent. The context that it returns
	// is the attempt's, and is passed to TraceEnd.
	TraceStart(ctx context.Context, start TraceStart) context.Context
	// TraceEnd runs once the attempt's answer was read and judged.
	TraceEnd(ctx context.Context, end TraceEnd)
}

// TraceStart describes an attempt that is about to be sent.
type TraceStart struct {
	Method string
	// Route is the template, such as /{waba-id}/phone_numbers. It has few
	// values, so it can be a metric's label. IDs fill it.
	Route   string
	IDs     []string
	Version string
	// Attempt counts from 1.
	Attempt int
	// Batched is true for an op of a batch. The batch itself is traced too, as
	// a POST to "/".
	Batched bool
}

// TraceEnd describes an attempt that has ended.
type TraceEnd struct {
	TraceStart
	// Status is the HTTP status, 0 if no answer came.
	Status int
	// Err is nil, or an *Error.
	Err error
	// Duration is the time from TraceStart to now.
	Duration time.Duration
	// Retry is true when another attempt follows after Wait.
	Retry bool
	Wait  time.Duration
	// AnsweredVersion is the version that Meta answered with. It differs from
	// Version once that has expired. Empty if the answer did not say.
	AnsweredVersion string
	// TraceID is the id that Meta's support asks for.
	TraceID string

	appUsage, assetUsage string
}

// Usage returns how much of the quota is used, by the answer's headers. They are
// parsed on each call.
func (e TraceEnd) Usage() Usage { return parseUsage(e.appUsage, e.assetUsage) }

// Slog returns a Tracer that logs every attempt: successes at Debug, failures at
// Info when another attempt follows and at Warn when none does, and at Warn also
// an answer in another version than the one asked for. A nil logger means
// slog.Default.
func Slog(logger *slog.Logger) Tracer {
	if logger == nil {
		logger = slog.Default()
	}
	return slogTracer{logger}
}

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

// fellForward reports whether Meta answered with another version than asked.
func (e TraceEnd) fellForward() bool {
	return e.AnsweredVersion != "" && e.AnsweredVersion != e.Version
}
