package order_test

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
)

func fen(n int64) money.Money { return money.Money{Amount: n, Currency: "CNY"} }

// bought is an order with lines "1", "2" … of price and quantity.
func bought(total int64, lines ...[2]int64) order.Order {
	o := good()
	o.Total, o.Lines = fen(total), nil
	for i, l := range lines {
		o.Lines = append(o.Lines, order.Line{ID: strconv.Itoa(i + 1), Title: "杯子", Price: fen(l[0]), Quantity: int(l[1])})
	}
	return o
}

// TestSharesByLargestRemainder has figures worked out by hand.
func TestSharesByLargestRemainder(t *testing.T) {
	paid := func(o order.Order, amounts ...int64) order.Order {
		for i, a := range amounts {
			m := fen(a)
			o.Lines[i].Paid = &m
		}
		return o
	}
	for name, tt := range map[string]struct {
		o    order.Order
		want []int64
	}{
		"nothing to share":         {bought(300_00, [2]int64{100_00, 1}, [2]int64{200_00, 1}), []int64{100_00, 200_00}},
		"a coupon of 50":           {bought(250_00, [2]int64{100_00, 1}, [2]int64{200_00, 1}), []int64{83_33, 166_67}},
		"freight of 10":            {bought(310_00, [2]int64{100_00, 1}, [2]int64{200_00, 1}), []int64{103_33, 206_67}},
		"quantities weigh":         {bought(100, [2]int64{10, 3}, [2]int64{30, 1}), []int64{50, 50}},
		"the first of equal rests": {bought(100, [2]int64{7, 1}, [2]int64{7, 1}, [2]int64{7, 1}), []int64{34, 33, 33}},
		"the larger rest":          {bought(10, [2]int64{1, 1}, [2]int64{2, 1}, [2]int64{1, 1}, [2]int64{2, 1}), []int64{2, 3, 2, 3}},
		"a gift":                   {bought(100, [2]int64{100, 1}, [2]int64{0, 5}), []int64{100, 0}},
		"all gifts, freight paid":  {bought(9, [2]int64{0, 1}, [2]int64{0, 2}), []int64{3, 6}},
		"nothing paid":             {bought(0, [2]int64{5, 1}, [2]int64{5, 1}), []int64{0, 0}},
		"told by the platform":     {paid(bought(250_00, [2]int64{100_00, 1}, [2]int64{200_00, 1}), 50_00, 200_00), []int64{50_00, 200_00}},
		"told, and then lowered":   {paid(bought(125_00, [2]int64{100_00, 1}, [2]int64{200_00, 1}), 50_00, 200_00), []int64{25_00, 100_00}},
	} {
		if got := tt.o.Shares(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestRoomOfUnits(t *testing.T) {
	o := bought(100, [2]int64{50, 3}) // 34 + 33 + 33
	most := func(n int, taken ...order.Taken) int64 { return o.Room(taken).Most(map[string]int{"1": n}).Amount }
	for _, tt := range []struct {
		what      string
		got, want int64
	}{
		{"one of three", most(1), 34},
		{"two of three", most(2), 67},
		{"all", most(3), 100},
		{"more than there are", most(9), 100},
		{"the second", most(1, order.Taken{LineID: "1", Units: 1, Amount: 34}), 33},
		{"the last two", most(2, order.Taken{LineID: "1", Units: 1, Amount: 34}), 66},
		{"after a part of one was paid back", most(3, order.Taken{LineID: "1", Amount: 10}), 90},
		{"one, after a part was paid back", most(1, order.Taken{LineID: "1", Amount: 70}), 30},
		{"nothing", most(3, order.Taken{LineID: "1", Amount: 100}), 0},
		{"after it was lowered below what was paid back", most(3, order.Taken{LineID: "1", Amount: 130}), 0},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %d, want %d", tt.what, tt.got, tt.want)
		}
	}
	if l, _ := o.Room([]order.Taken{{LineID: "1", Amount: 100}}).Line("1"); l.Units != 0 {
		t.Errorf("of a line that is paid back %d units remain", l.Units)
	}
	if _, ok := o.Room([]order.Taken{{LineID: "1", Amount: 1}}).Swap(map[string]int{"1": 3}); ok {
		t.Error("three are exchanged though a part of what they cost was paid back")
	}
}

// TestRoomIsNeverOverdrawn takes what it can get, in any order and size, from
// an order that changes on the way: what is ordered while the order stands as
// it is never passes what is paid, nor a line its share and units.
func TestRoomIsNeverOverdrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines [][2]int64
		for range rapid.IntRange(1, 4).Draw(t, "lines") {
			lines = append(lines, [2]int64{rapid.Int64Range(0, 500).Draw(t, "price"), rapid.Int64Range(1, 4).Draw(t, "quantity")})
		}
		o := bought(rapid.Int64Range(0, 3000).Draw(t, "total"), lines...)
		shares := o.Shares()
		sum := int64(0)
		for _, s := range shares {
			sum += s
		}
		if sum != o.Total.Amount && (sum != 0 || o.Total.Amount != 0) {
			t.Fatalf("%v of %d are shared out: %v", sum, o.Total.Amount, shares)
		}
		var taken []order.Taken
		for range rapid.IntRange(1, 12).Draw(t, "remedies") {
			room := o.Room(taken)
			units := map[string]int{}
			for _, l := range o.Lines {
				if n := rapid.IntRange(0, l.Quantity).Draw(t, "units"); n > 0 {
					units[l.ID] = n
				}
			}
			var got []order.Taken
			if rapid.Bool().Draw(t, "swap") {
				got, _ = room.Swap(units)
			} else {
				most := room.Most(units).Amount
				amount := rapid.Int64Range(0, most).Draw(t, "amount")
				var ok bool
				if got, ok = room.Pay(units, amount, rapid.Bool().Draw(t, "back")); !ok && len(room.Fits(units)) > 0 {
					t.Fatalf("%d of %d is refused", amount, most)
				}
				if _, ok := room.Pay(units, most+1, false); ok {
					t.Fatalf("%d is paid where %d remains", most+1, most)
				}
				back := int64(0)
				for _, x := range got {
					back += x.Amount
				}
				if len(got) > 0 && back != amount {
					t.Fatalf("%d shared out as %v", amount, got)
				}
			}
			taken = append(taken, got...)
			total, amounts, used := int64(0), map[string]int64{}, map[string]int{}
			for _, x := range taken {
				total += x.Amount
				amounts[x.LineID] += x.Amount
				used[x.LineID] += x.Units
			}
			for i, l := range o.Lines {
				if amounts[l.ID] > shares[i] || used[l.ID] > l.Quantity {
					t.Fatalf("of line %s %d of %d and %d of %d units: %v", l.ID, amounts[l.ID], shares[i], used[l.ID], l.Quantity, taken)
				}
			}
			if total > o.Total.Amount {
				t.Fatalf("%d of %d: %v", total, o.Total.Amount, taken)
			}
		}
	})
}
