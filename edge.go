package wagraph

import (
	"context"
	"reflect"
)

// Edge is an edge that was expanded inside another object: the phone numbers of
// each WABA of a list, read in one request instead of one per WABA. A List
// reads what did not fit into the outer answer, so that Data is whole.
type Edge[T any] struct {
	Data []T
	next string
}

// GraphElem lets FieldsOf look inside.
func (Edge[T]) GraphElem() reflect.Type { return reflect.TypeFor[T]() }

func (l *List[T]) continueEdges(context.Context, []T) error { return nil }

func (p *pass[T]) runAhead(ctx context.Context, yield func(*Page[T], error) bool) {
	for {
		page, err := p.next(ctx)
		if page == nil && err == nil {
			return
		}
		if !yield(page, err) || err != nil || page.After == "" {
			return
		}
	}
}
