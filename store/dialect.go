package store

import (
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"
)

// dialect is what differs between the two databases.
type dialect struct {
	name        string
	postgres    bool
	readOptions *sql.TxOptions
	// find is the function that gives the place of a text in a text, 0 for none.
	find string
	// next is the SQL for the next seq of a table, where the database does not
	// give it by itself; its one parameter is the number within the transaction.
	next string
	// horizon is the SQL for the seq below which all that will ever be is there.
	horizon string
	// unique says whether an error is a broken uniqueness.
	unique func(error) bool
}

// seqBits is how many bits of a PostgreSQL seq count within a transaction.
const seqBits = 16

const maxNumbered = 1<<seqBits - 1

// errTooMany stops a transaction that would number more rows than fit.
var errTooMany = errors.New("more than 65535 events and fingerprints in one transaction")

// statements keeps prepared statements by pool and text.
type statements struct {
	mu sync.RWMutex
	of map[stmtKey]*sql.Stmt
}

type stmtKey struct {
	pool *sql.DB
	text string
}

func (s *statements) get(k stmtKey) (*sql.Stmt, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	st, ok := s.of[k]
	return st, ok
}

// put keeps st, unless another came first, and answers the one that is kept.
func (s *statements) put(k stmtKey, st *sql.Stmt) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.of[k]; ok {
		_ = st.Close()
		return old
	}
	s.of[k] = st
	return st
}

func (s *statements) size() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.of)
}

func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for k, st := range s.of {
		errs = append(errs, st.Close())
		delete(s.of, k)
	}
	return errors.Join(errs...)
}

// numbered is q in PostgreSQL's spelling of parameters, remembered.
func (d *DB) numbered(q string) string {
	if v, ok := d.spelled.Load(q); ok {
		return v.(string)
	}
	v := numberParams(q)
	d.spelled.Store(q, v)
	return v
}

// numberParams turns "?" into "$1", "$2" …; our queries have no "?" otherwise.
func numberParams(q string) string {
	var b strings.Builder
	n := 0
	for _, r := range q {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return b.String()
}

// clean makes a text one that both databases take: PostgreSQL refuses broken
// UTF-8 and NUL. Such a text is never an id of ours, so it finds nothing.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
