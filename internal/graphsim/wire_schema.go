package graphsim

import "slices"

// kind is the type of a node. As a number it lets ids, placeholders and node types be
// tables that do not depend on each other.
type kind int

// The kinds up to kActivity have ids of their own. The others appear only inside edges.
const (
	kNone kind = iota
	kApp
	kBusiness
	kWABA
	kNumber
	kSystemUser
	kPerson
	kLine
	kAllocation
	kFunding
	kPreVerified
	kTemplate
	kSolution
	kActivity
	kAssignedUser
	kSubscribedApp
	kSubscription
	kProfile
	kSettings
)

// node is anything that has an id and fields.
type node interface {
	nodeID() nid
	kind() kind
}

// nodeType is one row of the schema: what can be read of a node of that type.
type nodeType struct {
	kind        kind
	name        string // Meta's name of the type, as its errors print it
	placeholder string // how route templates write the id, "" when it has no route
	fields      map[string]*fieldDef
	order       []string // field names in table order
	defaults    []string // served without a fields parameter
	reference   []string // served when the node appears inside another one
	edges       map[string]*edgeDef
	edgeOrder   []string
}

// fieldDef is one field of a node type.
type fieldDef struct {
	name, typ string
	ref       kind // the type of a nested node; kNone for values
	since     int  // first API version that knows it, 0 for all
	get       func(c *call, n node) any
}

// field declares a field of the node type behind T.
func field[T node](name, typ string, get func(c *call, n T) any) *fieldDef {
	return &fieldDef{name: name, typ: typ, get: func(c *call, n node) any { return get(c, n.(T)) }}
}

// nodeField declares a field whose value is another node; it can be expanded.
func nodeField[T node](name, typ string, ref kind, get func(c *call, n T) any) *fieldDef {
	f := field(name, typ, get)
	f.ref = ref
	return f
}

// from sets the first API version that knows the field.
func (f *fieldDef) from(version int) *fieldDef {
	f.since = version
	return f
}

// schema holds the tables of one simulator.
type schema struct {
	types   map[kind]*nodeType
	kinds   []kind
	actions []*action
}

// newSchema makes the tables. Each simulator has its own, because getters and tables
// refer to each other, which package variables may not.
func newSchema() *schema {
	sc := &schema{types: map[kind]*nodeType{}}
	addBusinessTypes(sc)
	addWABATypes(sc)
	addNumberTypes(sc)
	addUserTypes(sc)
	addCreditTypes(sc)
	addAppTypes(sc)
	addPreVerifiedTypes(sc)
	addTemplateTypes(sc)
	sc.actions = slices.Concat(tokenExchangeActions(), tokenDebugActions(), tokenBusinessActions(),
		wabaActions(), assignedUserActions(), subscribedAppActions(),
		numberAddActions(), numberVerifyActions(), numberRegisterActions(), numberUpdateActions(),
		numberSettingsActions(), numberProfileActions(), numberSyncActions(), preVerifiedActions(),
		systemUserActions(), userTokenActions(), creditShareActions(), creditRevokeActions(),
		appSubscriptionActions(), templateActions())
	return sc
}

func (sc *schema) add(t *nodeType, fields ...*fieldDef) *nodeType {
	t.fields, t.edges = map[string]*fieldDef{}, map[string]*edgeDef{}
	for _, f := range fields {
		t.fields[f.name] = f
		t.order = append(t.order, f.name)
	}
	if t.reference == nil {
		t.reference = []string{"id"}
	}
	sc.types[t.kind] = t
	sc.kinds = append(sc.kinds, t.kind)
	return t
}

func (t *nodeType) edge(e *edgeDef) {
	e.parent = t.kind
	t.edges[e.name] = e
	t.edgeOrder = append(t.edgeOrder, e.name)
}

// lookup returns a field, or nil if this version does not know it.
func (t *nodeType) lookup(name string, v version) *fieldDef {
	f := t.fields[name]
	if f == nil || (f.since != 0 && int(v) < f.since) {
		return nil
	}
	return f
}

func idField[T node]() *fieldDef {
	return field("id", "string", func(_ *call, n T) any { return n.nodeID() })
}
