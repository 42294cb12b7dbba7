package desk_test

import (
	"testing"

	"github.com/evenhand/evenhand/store/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
