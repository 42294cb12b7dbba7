package order_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/order"
)

func at(lat, lon float64) (a, b *float64) { return &lat, &lon }

// TestAShipmentIsNeverOfTwoPlaces: what a push does not tell stays, unless what
// it tells says that the rest is of another place or another parcel.
func TestAShipmentIsNeverOfTwoPlaces(t *testing.T) {
	lat, lon := at(22.54, 114.05)
	shenzhen := order.Shipment{Carrier: "SF", Tracking: "SF1", Province: "广东省", City: "深圳市", District: "南山区", Lat: lat, Lon: lon}
	otherLat, otherLon := at(30.27, 120.15)
	for name, tt := range map[string]struct{ now, want order.Shipment }{
		"nothing told":      {order.Shipment{}, shenzhen},
		"the same city":     {order.Shipment{City: "深圳市"}, shenzhen},
		"another city":      {order.Shipment{City: "杭州市"}, order.Shipment{Carrier: "SF", Tracking: "SF1", City: "杭州市"}},
		"another district":  {order.Shipment{City: "深圳市", District: "福田区"}, order.Shipment{Carrier: "SF", Tracking: "SF1", City: "深圳市", District: "福田区"}},
		"other coordinates": {order.Shipment{Lat: otherLat, Lon: otherLon}, order.Shipment{Carrier: "SF", Tracking: "SF1", Lat: otherLat, Lon: otherLon}},
		"another carrier":   {order.Shipment{Carrier: "YTO"}, order.Shipment{Carrier: "YTO", Province: "广东省", City: "深圳市", District: "南山区", Lat: lat, Lon: lon}},
		"another number":    {order.Shipment{Tracking: "SF2"}, order.Shipment{Tracking: "SF2", Province: "广东省", City: "深圳市", District: "南山区", Lat: lat, Lon: lon}},
	} {
		old := order.Order{Shipment: &shenzhen}
		if got := *(order.Order{Shipment: &tt.now}).Onto(old).Shipment; !cmp.Equal(got, tt.want) {
			t.Errorf("%s: %s", name, cmp.Diff(tt.want, got))
		}
		if got := *(order.Order{Shipment: &tt.now}).Onto(old, "shipment").Shipment; !cmp.Equal(got, tt.now) {
			t.Errorf("%s, cleared and told anew: %s", name, cmp.Diff(tt.now, got))
		}
	}
	coarse := order.Order{Shipment: &order.Shipment{Carrier: "SF", City: "深圳市"}}
	want := order.Shipment{Carrier: "SF", Tracking: "SF1", City: "深圳市", District: "南山区"}
	if got := *(order.Order{Shipment: &order.Shipment{Tracking: "SF1", District: "南山区"}}).Onto(coarse).Shipment; !cmp.Equal(got, want) {
		t.Errorf("told in parts: %s", cmp.Diff(want, got))
	}
	if got := (order.Order{}).Onto(coarse, "shipment").Shipment; got != nil {
		t.Errorf("cleared: %+v", got)
	}
}
