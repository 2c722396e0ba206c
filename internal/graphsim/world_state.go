package graphsim

import "time"

// state is what the simulator knows. Times are Unix seconds; zero means never.
type state struct {
	app         *app
	partner     *business // the solution partner's portfolio
	businesses  map[nid]*business
	wabas       map[nid]*waba
	numbers     map[nid]*number
	users       map[nid]*user
	lines       map[nid]*line
	allocations map[nid]*allocation
	preverified map[nid]*preverified
	templates   map[nid]*template
	solutions   map[nid]*solution

	tokens map[string]*token
	codes  map[string]*code
	gone   map[string]int64 // when a number was deleted, by its digits

	lastID map[kind]nid
	bulk   bulk
	retain bool // during a write: virtual nodes that it reads become real
}

func newState() *state {
	return &state{
		businesses: map[nid]*business{}, wabas: map[nid]*waba{}, numbers: map[nid]*number{}, users: map[nid]*user{},
		lines: map[nid]*line{}, allocations: map[nid]*allocation{}, preverified: map[nid]*preverified{},
		templates: map[nid]*template{}, solutions: map[nid]*solution{},
		tokens: map[string]*token{}, codes: map[string]*code{}, gone: map[string]int64{}, lastID: map[kind]nid{},
	}
}

// app is the partner's app. All tokens were issued for it.
type app struct {
	id            nid
	name, secret  string
	owner         nid
	subscriptions map[string]*subscription // webhook object -> fields
}

// subscription is an app's webhook for one object.
type subscription struct {
	object, callback string
	fields           []string
	includeValues    bool
}

// business is a portfolio, of the partner or a client.
type business struct {
	id           nid
	name         string
	country      string
	verification string
	created      int64
	timezone     int
	owned        []nid // its accounts, newest first
	client       []nid // accounts of others shared with it, newest first
	users        []nid // its system users, newest first
	lines        []nid
	preverified  []nid
	tier         string
	connected    bool // the client gave the app access
	// fetchable means that the partner can fetch a business token: a code was exchanged,
	// or the client gave access in a way that has no code.
	fetchable bool
}

// waba is a WhatsApp Business Account. Its owner never changes. It can be shared with
// other portfolios.
type waba struct {
	id        nid
	name      string
	owner     nid
	shared    []nid // portfolios it is shared with
	created   int64
	currency  string
	timezone  string
	namespace string
	country   string
	review    string
	status    string
	order     string // purchase_order_number
	numbers   []nid  // newest onboarding first
	templates []nid
	// Maps are made when they are needed: most accounts of a big world have none.
	users     map[nid][]string // assigned users and their tasks
	userOrder []nid
	subs      map[nid]*wabaSubscription // by app
	// allocation and funding are set while a credit line is attached. The currency is
	// fixed from the first attachment.
	allocation    nid
	funding       nid
	currencyFixed bool
	insights      bool
	noMarketing   bool
	autoArchive   bool
	solutions     []nid
	activities    []activity
}

// wabaSubscription is an app that receives the webhooks of an account, at its own
// callback or at an override.
type wabaSubscription struct {
	app      nid
	callback string // override_callback_uri, "" without an override
}

// number is a business phone number. Its name, its registration and its code
// verification are three separate states.
type number struct {
	id        nid
	waba      nid
	cc        string // country calling code
	national  string
	display   string // formatted, as the field shows it
	country   string
	name      string // verified_name
	status    string // name_status
	newName   string
	newStatus string // new_name_status
	serial    int64  // of the current certificate
	newSerial int64
	certTime  int64
	state     string // status
	verified  string // code_verification_status
	quality   string
	mode      string
	onboarded int64
	level     string // throughput

	// The registration: PIN, wrong guesses, and the budget of 10 attempts in 72 hours.
	pin          string
	wrongPINs    int
	pinLockUntil int64
	attempts     []int64 // register and deregister share one window
	lockedUntil  int64
	registers    int // attempts
	deregisters  int
	registered   int                 // registrations with success; see Sim.Summary
	pins         map[string]struct{} // the PINs of those
	nameBusy     int                 // so many registrations find the name unprocessed

	// Ownership, coexistence, and parts that only some numbers have.
	codeSent    int64
	codeTries   int
	onBizApp    bool
	preVerified bool
	freshUntil  int64 // re-added too soon after a deletion
	callback    string
	renames     []int64
	syncs       map[string]string // smb_app_data type -> request id
	profile     map[string]any
	settings    map[string]any
}

// user is a system user, or the person behind a token of the older callback. Its id is
// app-scoped: the API takes no other.
type user struct {
	id      nid
	name    string
	owner   nid // portfolio
	role    string
	person  bool
	finance string // finance_permission
	created int64
	apps    map[nid]bool
}

// line is a credit line. Meta calls it extended credit.
type line struct {
	id          nid
	owner       nid
	legal       string
	currency    string
	max         int64 // hundredths
	revoked     bool
	allocations []nid // newest first, deleted ones included
}

// allocation shares a line with the portfolio of a client. Deleted ones stay, because
// they can still be read.
type allocation struct {
	id       nid
	line     nid
	receiver nid
	funding  nid
	deleted  bool
	created  int64
	attached []nid // accounts, in the order they were attached
}

// preverified is a number that the partner verified before a client takes it. It is a
// node of its own kind. The business number that it becomes has another id.
type preverified struct {
	id        nid
	owner     nid
	digits    string
	display   string
	verified  string
	at        int64 // verification
	expires   int64
	added     int64
	codeSent  int64
	codeTries int
	partners  []nid
	claimed   nid // the business number it became
}

// solution is a Multi-Partner Solution.
type solution struct {
	id     nid
	name   string
	status string
}

// activity is one entry in the history of an account.
type activity struct {
	id   nid
	what string
	at   int64
}

// code is the code of a login callback. It stays after its use, because a second use
// has an error of its own.
type code struct {
	token     *token
	issued    int64
	redirect  string
	used      bool
	presented int
}

// codeLife is how long the code of a login callback is valid.
const codeLife = 30 * time.Second

func (a *app) nodeID() nid          { return a.id }
func (b *business) nodeID() nid     { return b.id }
func (w *waba) nodeID() nid         { return w.id }
func (n *number) nodeID() nid       { return n.id }
func (u *user) nodeID() nid         { return u.id }
func (l *line) nodeID() nid         { return l.id }
func (a *allocation) nodeID() nid   { return a.id }
func (pv *preverified) nodeID() nid { return pv.id }
func (s *solution) nodeID() nid     { return s.id }

func (*app) kind() kind         { return kApp }
func (*business) kind() kind    { return kBusiness }
func (*waba) kind() kind        { return kWABA }
func (*number) kind() kind      { return kNumber }
func (*line) kind() kind        { return kLine }
func (*allocation) kind() kind  { return kAllocation }
func (*preverified) kind() kind { return kPreVerified }
func (*solution) kind() kind    { return kSolution }

func (u *user) kind() kind {
	if u.person {
		return kPerson
	}
	return kSystemUser
}
